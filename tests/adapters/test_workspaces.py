"""The contract of `Workspace`, for memory, folder and bucket."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from packshot.adapters.aws.workspace import decode_pixels, encode_pixels
from packshot.errors import InternalError
from tests.adapters import conftest

WorkspaceKind = conftest.WorkspaceKind | conftest.Bundled


@pytest.mark.parametrize("shape", [(7, 5, 3), (7, 5), (1, 1, 3), (1, 1), (64, 48, 3)])
def test_pixels_come_back_bit_for_bit(workspaces: WorkspaceKind, shape: tuple[int, ...]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    workspaces.first.put_pixels("aligned", pixels.copy())
    for workspace in (workspaces.first, workspaces.again):
        found = workspace.get_pixels("aligned")
        assert found.dtype == np.uint8
        assert np.array_equal(found, pixels)
        with pytest.raises(ValueError, match="read-only"):
            found[0, 0] = 0


def test_bytes_come_back(workspaces: WorkspaceKind) -> None:
    workspaces.first.put_bytes("renditions/main.jpg", b"\x00\xff" * 9)
    assert workspaces.first.get_bytes("renditions/main.jpg") == b"\x00\xff" * 9
    assert workspaces.again.get_bytes("renditions/main.jpg") == b"\x00\xff" * 9


def test_a_second_put_replaces(workspaces: WorkspaceKind) -> None:
    workspaces.first.put_bytes("facts.json", b"old")
    workspaces.first.put_bytes("facts.json", b"new")
    assert workspaces.first.get_bytes("facts.json") == b"new"
    assert workspaces.again.get_bytes("facts.json") == b"new"


def test_has_knows_both_kinds(workspaces: WorkspaceKind) -> None:
    workspaces.first.put_bytes("source", b"x")
    workspaces.first.put_pixels("coarse", np.zeros((2, 2), np.uint8))
    for workspace in (workspaces.first, workspaces.again):
        assert workspace.has("source")
        assert workspace.has("coarse")
        assert not workspace.has("alpha")


def test_what_is_missing_is_a_fault_of_ours(workspaces: WorkspaceKind) -> None:
    for read in (workspaces.first.get_bytes, workspaces.first.get_pixels):
        with pytest.raises(InternalError, match="alpha"):
            read("alpha")


def test_memo_is_made_once_in_a_process(workspaces: WorkspaceKind) -> None:
    made: list[int] = []
    for _ in range(3):
        assert workspaces.first.memo("decoded", lambda: made.append(1) or "it") == "it"
    assert made == [1]


@given(st.integers(1, 40), st.integers(1, 40), st.booleans(), st.integers(0, 2**32 - 1))
def test_handed_over_pixels_are_lossless(height: int, width: int, colour: bool, seed: int) -> None:
    shape = (height, width, 3) if colour else (height, width)
    pixels = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    assert np.array_equal(decode_pixels(encode_pixels(pixels)), pixels)
