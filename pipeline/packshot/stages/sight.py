"""The photo as detect and align look at it: decoded once, halved once, its own alpha if it has one."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.contracts.stages import SourceFacts
from packshot.imaging.geometry import Array
from packshot.imaging.orientation import upright_matrix
from packshot.imaging.pyramid import Pyramid
from packshot.imaging.segment import is_cut_out
from packshot.stages.source import decoded
from packshot.stages.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Sight:
    """A decoded photo with its halvings.

    Attributes:
        picture: as stored in the file; EXIF not applied.
        alpha: the file's own alpha, where it cuts a product out; None otherwise.
        facts: of the source.
    """

    picture: Pyramid
    alpha: Pyramid | None
    facts: SourceFacts

    @property
    def to_upright(self) -> Array:
        """The map from stored to upright pixels."""
        return upright_matrix(self.facts.orientation, *self.picture.size)


def look(workspace: Workspace) -> Sight:
    """The photo in a workspace, made once per process.

    Raises:
        ImageError: its bytes are no picture that we can read.
    """
    return workspace.memo("sight", lambda: _look(workspace))


def _look(workspace: Workspace) -> Sight:
    picture = decoded(workspace)
    alpha = picture.alpha
    own = Pyramid(alpha) if alpha is not None and is_cut_out(alpha) else None
    return Sight(picture=Pyramid(picture.pixels), alpha=own, facts=picture.facts)
