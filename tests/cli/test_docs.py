"""The documents name what there is, and nothing that there isn't."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from packshot.cli.main import cli
from packshot.contracts.base import QcStatus, ReviewReason, Status
from packshot.contracts.events import DetailType
from packshot.contracts.records import ImageRecord
from packshot.presets import list_presets

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
CLI = (ROOT / "docs/cli.md").read_text()
OUTPUT = (ROOT / "docs/output.md").read_text()


def leaves(
    command: click.Command, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from leaves(child, (*path, name))
    else:
        yield path, command


def options() -> set[str]:
    found = {"--help", "--version", "--debug"}
    for _, command in leaves(cli):
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                found.update((*parameter.opts, *parameter.secondary_opts))
    return found


def test_every_command_is_described() -> None:
    for path, _ in leaves(cli):
        assert re.search(rf"## packshot {path[0]}\b", CLI), path
        assert re.search(rf"\b{path[-1]}\b", CLI), path


def test_every_option_is_described() -> None:
    long = {option for option in options() if option.startswith("--")}
    assert sorted(option for option in long if option not in CLI) == ["--licence", "--name"], "in --help only"


@pytest.mark.parametrize("text", [README, CLI, OUTPUT], ids=["README", "cli", "output"])
def test_no_option_is_made_up(text: str) -> None:
    foreign = {"--editable"}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text)) - foreign
    assert named <= options()


def test_commands_in_the_readme_are_commands() -> None:
    for name in re.findall(r"^(?:\.venv/bin/)?packshot ([a-z]+)", README, re.MULTILINE):
        assert name in cli.commands


def test_every_field_reason_status_and_event_is_described() -> None:
    words = [*ImageRecord.model_fields, *ReviewReason, *Status, *QcStatus]
    assert [word for word in words if f"`{word}`" not in OUTPUT] == []
    assert [kind for kind in DetailType if kind not in OUTPUT] == []


def test_presets_of_the_readme() -> None:
    assert set(re.findall(r"`([a-z]+)`(?: \(the default\))?,? ?", README)) >= set(list_presets())


def test_links_lead_somewhere() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "docs/cli.md", "docs/output.md"):
        page = ROOT / name
        for target in re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), (name, target)
