"""Every code has a sentence, every sentence can be filled, and errors survive a process border."""

import inspect
import json
import pickle
import re
import string
from pathlib import Path

import pytest

from packshot import errors
from packshot.errors import SENTENCES, PackshotError, PermanentError, RetryableError, as_step_error

SOURCE = Path(errors.__file__).parent


def details_for(code: str) -> dict[str, object]:
    fields = [name for _, name, _, _ in string.Formatter().parse(SENTENCES[code]) if name]
    return dict.fromkeys(fields, "x")


def kinds() -> list[type[PackshotError]]:
    return [
        kind
        for _, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, PackshotError) and kind is not PackshotError
    ]


@pytest.mark.parametrize("code", SENTENCES)
def test_each_sentence_is_filled_and_reads_like_one(code: str) -> None:
    error = PermanentError(code, **details_for(code))
    assert error.code == code
    assert error.message[0].isupper() or error.message.startswith("x")
    # A sentence ends in a full stop, its own or that of the reason that it quotes.
    assert error.message.endswith((".", ": x"))
    assert "{" not in error.message


@pytest.mark.parametrize("code", SENTENCES)
def test_each_code_is_raised_somewhere(code: str) -> None:
    """A code that nobody raises is a promise that nobody keeps."""
    users = [
        path
        for path in SOURCE.rglob("*.py")
        if path != SOURCE / "errors.py" and f'"{code}"' in path.read_text("utf-8")
    ]
    assert users, f"{code} stands in the table, but nothing raises it"


def test_each_raised_code_stands_in_the_table() -> None:
    names = "|".join(kind.__name__ for kind in kinds())
    raised = re.compile(rf'(?:{names})\(\s*"([a-z_]+)"')
    for path in SOURCE.rglob("*.py"):
        for code in raised.findall(path.read_text("utf-8")):
            assert code in SENTENCES, f"{path.name} raises {code}"


def test_the_drawing_shows_every_class() -> None:
    drawing = errors.__doc__ or ""
    for kind in kinds():
        assert kind.__name__ in drawing


def test_an_error_without_a_needed_detail_is_a_fault() -> None:
    with pytest.raises(KeyError):
        PermanentError("image_too_large", megapixels=70)
    with pytest.raises(KeyError):
        PermanentError("no_such_code")


@pytest.mark.parametrize("kind", kinds())
def test_errors_pickle_with_code_details_and_stage(kind: type[PackshotError]) -> None:
    error = kind("file_too_large", limit_mb=50)
    error.stage = "detect"
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301  our own bytes
    assert type(copy) is kind
    assert (copy.code, copy.message, copy.stage) == (error.code, error.message, "detect")


def test_step_functions_see_exactly_two_classes() -> None:
    for kind in kinds():
        error = kind("file_too_large", limit_mb=50)
        error.stage = "detect"
        plain = as_step_error(error)
        assert type(plain) is (RetryableError if issubclass(kind, RetryableError) else PermanentError)
        assert json.loads(str(plain)) == {
            "code": "file_too_large",
            "message": "The photo's file has more than 50 MB.",
            "stage": "detect",
        }
