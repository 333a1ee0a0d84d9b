"""Reading lists of photos: CSV, JSON, JSON Lines and folders.

    manifest = open_source("photos/", SourceOptions(exclude=(out,)))
    for row in manifest.rows_for(preset):    # ManifestRow or RowError, streamed
        place = manifest.resolve(row.image_url)

Read top down: `source` opens and recognises, `csv_rows`, `json_rows` and `listing` give raw rows,
`rows` judges them, `unique` finds repeats, `locate` resolves sources, `names` names the outputs.
"""

from packshot.manifests.formats import Kind
from packshot.manifests.names import delivery_path
from packshot.manifests.source import Manifest, SourceOptions, open_source, read_manifest

__all__ = ["Kind", "Manifest", "SourceOptions", "delivery_path", "open_source", "read_manifest"]
