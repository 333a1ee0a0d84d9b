"""The source photo, decoded once however many stages look at it."""

from __future__ import annotations

from packshot.imaging.decode import Picture, decode
from packshot.stages.workspace import Workspace


def decoded(workspace: Workspace) -> Picture:
    """The decoded `source` of a workspace; kept in memory for the next stage where there is one.

    Raises:
        ImageError, SourceError: as `decode` says.
    """
    return workspace.memo("source.picture", lambda: decode(workspace.get_bytes("source")))
