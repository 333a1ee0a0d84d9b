"""What a run may not overwrite: files in its output folder that no run has made."""

from __future__ import annotations

from pathlib import Path

from packshot.adapters.local.disk import translated
from packshot.delivery import CATALOGUE, REVIEW
from packshot.errors import SettingsError
from packshot.local.request import RunRequest
from packshot.local.store import MADE, TABLE


def spare(request: RunRequest) -> None:
    """Refuses an output folder in which something would be lost.

    Raises:
        SettingsError: option_invalid, the list of photos bears the name of a file of results;
            output_taken, files lie there under such names though no run is known, and it is not `fresh`.
        StorageError: output_not_writable, the folder can't be looked into.
    """
    source = Path(request.source).resolve()
    if source.name in MADE and source.parent == request.out.resolve():
        reason = f"the results would overwrite the list of photos, {source.name}"
        raise SettingsError("option_invalid", option="--out", value=str(request.out), reason=reason)
    with translated(request.out):
        known = (request.out / TABLE).is_file()
    if request.fresh or known:
        return
    taken = _taken(request.out)
    if taken:
        raise SettingsError("output_taken", directory=str(request.out), names=", ".join(taken))


def _taken(out: Path) -> list[str]:
    with translated(out):
        files = [name for name in MADE if (out / name).exists()]
        folders = [out / name for name in (CATALOGUE, REVIEW)]
        return files + [f"{one.name}/" for one in folders if one.is_dir() and any(one.iterdir())]
