"""Where the server keeps what, below the output folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from packshot.local.store import PRIVATE

#: The database of the server's documents.
DOCUMENTS: Final = "packshot-server.sqlite"


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of one server; `root` is the output folder, absolute."""

    root: Path

    @property
    def uploads(self) -> Path:
        """One folder per upload folder, and in it one with its name, which holds the files."""
        return self.root / "uploads"

    @property
    def incoming(self) -> Path:
        """Files that are being received."""
        return self.root / PRIVATE / "incoming"

    @property
    def downloads(self) -> Path:
        """Zips."""
        return self.root / PRIVATE / "downloads"

    @property
    def previews(self) -> Path:
        """Small pictures."""
        return self.root / PRIVATE / "previews"

    @property
    def documents(self) -> Path:
        """The server's own database."""
        return self.root / DOCUMENTS
