from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path

import pytest

from packshot import __version__
from packshot.cli import console
from packshot.cli import main as module
from packshot.cli.main import cli
from packshot.cli.options import _BACKGROUND, _COLUMNS, MODES
from packshot.cli.review import REASONS
from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Background
from packshot.errors import ManifestError, ModelError, PackshotError, StorageError

HEAVY = ("cv2", "numpy", "onnxruntime", "pydantic", "PIL", "jinja2", "rich", "boto3", "sqlite3")
HELPS = [["--version"], ["--help"], *([name, "--help"] for name in cli.commands if name != "review")]


@pytest.mark.parametrize("words", HELPS, ids=" ".join)
def test_help_and_version_import_nothing_heavy(words: list[str]) -> None:
    program = (
        "import sys; from packshot.cli.main import main; code = main(sys.argv[1:]); "
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr); sys.exit(code)"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
    assert done.stdout.startswith(("Usage: packshot", f"packshot {__version__}"))


def test_commands_are_listed_in_the_order_of_use(packshot) -> None:
    shown = packshot("--help").out.partition("Commands:")[2].split("\n")
    assert [line.split()[0] for line in shown if line.strip()] == list(cli.commands)
    assert next(iter(cli.commands)) == "run"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ManifestError("manifest_empty"), 2),
        (StorageError("disk_full", path="/x"), 3),
        (StorageError("output_locked", path="/x"), 3),
        (ModelError("model_changed", name="m"), 3),
        (ModelError("model_unknown", name="m", known="a"), 2),
    ],
)
def test_errors_end_as_sentence_and_code(packshot, monkeypatch, error: PackshotError, code: int) -> None:
    monkeypatch.setattr("packshot.presets.list_presets", _raiser(error))
    ended = packshot("presets", "list")
    assert ended.code == code
    assert ended.err == f"packshot: {error.message} ({error.code})\n"
    assert "Traceback" not in ended.err


def test_an_unforeseen_error_says_how_to_report_it(packshot, monkeypatch) -> None:
    monkeypatch.setattr("packshot.presets.list_presets", _raiser(ZeroDivisionError("oh")))
    ended = packshot("presets", "list")
    assert ended.code == 3
    assert "ZeroDivisionError: oh (internal_error)" in ended.err
    assert "--debug" in ended.err
    assert "Traceback" not in ended.err


def test_debug_shows_the_traceback_wherever_it_stands(packshot, monkeypatch) -> None:
    monkeypatch.setattr("packshot.presets.list_presets", _raiser(ZeroDivisionError("oh")))
    for words in (("--debug", "presets", "list"), ("presets", "list", "--debug")):
        assert "Traceback" in packshot(*words).err


def test_an_error_of_the_system_names_its_file(packshot, monkeypatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/out/x")
    monkeypatch.setattr("packshot.presets.list_presets", _raiser(full))
    ended = packshot("presets", "list")
    assert (ended.code, ended.err.split("\n")[0]) == (
        3,
        "packshot: No space left on device: /out/x (os_error)",
    )


def test_ctrl_c_is_130(packshot, monkeypatch) -> None:
    monkeypatch.setattr("packshot.presets.list_presets", _raiser(KeyboardInterrupt()))
    assert packshot("presets", "list").code == 130


@pytest.mark.parametrize(
    "words", [["run", "photos"], ["run"], ["nonsense"], ["run", "x", "--mode", "best", "--out", "y"]]
)
def test_wrong_use_is_2_and_names_the_help(packshot, words: list[str]) -> None:
    ended = packshot(*words)
    assert ended.code == 2
    assert ended.err.startswith("packshot: ")
    assert "--help" in ended.err
    assert not ended.out


@pytest.mark.parametrize("words", ["presets schema", "events list", "--version", "run --help"])
def test_a_reader_that_leaves_early_is_no_failure(words: str) -> None:
    # `true` has gone long before the first line is written.
    command = f"{sys.executable} -m packshot.cli.main {words} | true; exit ${{PIPESTATUS[0]}}"
    shell = ["bash", "-c", command]
    done = subprocess.run(shell, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert console._coloured(Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not console._coloured(Terminal())


def _raiser(error: BaseException):
    def fail() -> None:
        raise error

    return fail


def test_the_words_of_options_are_those_of_the_contracts() -> None:

    assert tuple(Mode) == MODES
    assert tuple(ReviewReason) == REASONS
    contract = Background.__metadata__[0].pattern
    assert contract == f"^({_BACKGROUND.pattern})$"


def test_column_options_are_the_manifest_s_columns() -> None:

    assert set(_COLUMNS) == set(ManifestRow.model_fields) - {"line"}


def test_module_has_an_entry_point() -> None:
    assert callable(module.main)
    assert 'packshot = "packshot.cli.main:main"' in (Path(__file__).parents[2] / "pyproject.toml").read_text()
