from __future__ import annotations

import builtins
import sys
from pathlib import Path

import pytest

from packshot.adapters.fetch import LazyReader, SourceFetcher, local_fetcher
from packshot.errors import SourceError


class Noting:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def read(self, source: str) -> bytes:
        self.asked.append(source)
        return source.encode()


def test_each_scheme_has_its_reader() -> None:
    readers = {"file": Noting(), "https": Noting(), "s3": Noting()}
    fetcher = SourceFetcher(readers)
    for source in ("/a.jpg", "https://a/b.jpg", "HTTPS://a/c.jpg", "s3://bucket/d.jpg"):
        assert fetcher.fetch(source) == source.encode()
    assert {kind: len(reader.asked) for kind, reader in readers.items()} == {"file": 1, "https": 2, "s3": 1}


@pytest.mark.parametrize(
    "source", ["http://a/b.jpg", "ftp://a/b", "file:///etc/passwd", "a.jpg", "", "data:x", "://", "../a.jpg"]
)
def test_everything_else_is_refused(source: str) -> None:
    with pytest.raises(SourceError) as caught:
        SourceFetcher({"file": Noting(), "https": Noting()}).fetch(source)
    assert caught.value.code == "source_scheme_refused"


def test_a_lazy_reader_is_made_once_and_when_needed() -> None:
    made: list[Noting] = []

    def make() -> Noting:
        made.append(Noting())
        return made[-1]

    reader = LazyReader(make)
    assert made == []
    assert reader.read("a") + reader.read("b") == b"ab"
    assert len(made) == 1


def test_the_fetcher_of_one_machine(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"photo")
    fetcher = local_fetcher([tmp_path])
    assert fetcher.fetch(f"{tmp_path}/a.jpg") == b"photo"
    with pytest.raises(SourceError) as caught:
        fetcher.fetch("https://127.0.0.1/a.jpg")
    assert caught.value.code == "source_address_refused"


def test_s3_without_its_extra_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without_botocore(name: str, *rest: object) -> object:
        if name.partition(".")[0] in ("boto3", "botocore"):
            raise ImportError(name)
        return real(name, *rest)  # type: ignore[arg-type]  # handed through

    monkeypatch.delitem(sys.modules, "packshot.adapters.fetch_s3", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_botocore)
    with pytest.raises(SourceError, match=r"packshot\[aws\]"):
        local_fetcher([tmp_path]).fetch("s3://bucket/a.jpg")
