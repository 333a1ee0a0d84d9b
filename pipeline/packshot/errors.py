"""One tree of errors; every error carries a stable code and a sentence for the user.

    PackshotError
    ├── RetryableError            the same call may succeed later
    │   ├── SourceUnavailableError    a source that did not answer, or not in time
    │   └── StoreUnavailableError     a store or table that is throttled or out of reach
    └── PermanentError            the same call fails again
        ├── ManifestError             the list of photos can't be read, or a row of it
        ├── SettingsError             a preset, an option or a name that is not known or does not fit
        ├── SourceError               a source that is missing, refused or too big
        ├── ImageError                bytes that are no picture we can read
        ├── ProductError              no product in the picture that can be worked on
        ├── RenditionError            an output file that can't be made as the preset asks
        ├── ModelError                a background network that is missing, changed or unusable
        ├── StorageError              the output can't be written, or is in use
        ├── StackError                a deployed stack that is not there, an account that can't be used
        ├── ReviewError               a decision that does not fit the image's state
        ├── RequestError              an HTTP request that can't be served as it is
        └── InternalError             a fault of ours

Step Functions matches class names, so Lambda handlers raise exactly `RetryableError` or
`PermanentError` (see `as_step_error`); the stable code stands in the error's JSON text.
"""

from __future__ import annotations

import json
from typing import Final

#: Every stable code, with the sentence that a seller reads. `{name}` is filled from the details.
SENTENCES: Final[dict[str, str]] = {
    # sources out of reach for now
    "source_unreachable": "The photo's address did not answer: {source}.",
    "source_timeout": "The photo's address took longer than {limit_s} seconds: {source}.",
    "source_throttled": "The photo's address asked us to slow down: {source}.",
    "store_unavailable": "The storage did not answer: {reason}.",
    "store_throttled": "The storage asked us to slow down: {reason}.",
    # manifests
    "manifest_unreadable": "The manifest can't be read: {reason}.",
    "manifest_empty": "The manifest lists no photos.",
    "photos_missing": "No photos were found in {source} (JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP).",
    "manifest_too_large": "The manifest has {bytes} bytes; the limit is {limit}.",
    "manifest_column_missing": "The manifest has no column {column}; it has {found}.",
    "manifest_rows_invalid": (
        "{count} of the manifest's lines can't be used; the first is line {line}: {reason}"
    ),
    "row_value_missing": "The column {column} is empty.",
    "row_value_invalid": "{value} can't be used as {column}: {reason}.",
    "row_unreadable": "The line can't be read: {reason}.",
    "row_duplicate": "The line repeats line {line}.",
    "row_name_taken": "The files of this line would overwrite those of line {line}: {name}.",
    # settings
    "preset_unknown": "There is no preset called {name}; there are {known}.",
    "preset_invalid": "The preset {name} can't be used: {reason}.",
    "option_invalid": "{option} can't be {value}: {reason}.",
    "options_changed": (
        "{directory} was made with other options ({changed}). Give another output folder, "
        "or --fresh to start it anew."
    ),
    "output_taken": (
        "{directory} has {names}, which no run of Packshot is known to have made and this one would "
        "overwrite. Give another output folder, or --fresh to replace them."
    ),
    "image_unknown": "There is no image {image_id} here.",
    "directory_unknown": "{directory} holds no Packshot results.",
    "measurements_invalid": "The measurements in {path} can't be used: {reason}.",
    # sources
    "source_missing": "The photo does not exist: {source}.",
    "source_invalid": "The photo's address can't be used: {source} ({reason}).",
    "source_unreadable": "The photo can't be opened: {source} ({reason}).",
    "source_outside_root": (
        "The photo lies outside the manifest's folder: {source}. Allow its folder with --allow-root."
    ),
    "source_scheme_refused": "Photos are read from files, https and s3, not from {source}.",
    "source_address_refused": "The address is not a public one, so it is not read: {source}.",
    "source_redirects": "The address redirects too often or to a place that is not allowed: {source}.",
    "source_denied": "The photo's address refuses to give it: {source} ({reason}).",
    "source_not_allowed": "The bucket is not one that this stack may read: {source}.",
    "file_too_large": "The photo's file has more than {limit_mb} MB.",
    # pictures
    "image_empty_file": "The file is empty.",
    "image_not_a_picture": (
        "The file is not a picture that we can read (JPEG, PNG, WebP, AVIF, HEIC, TIFF, GIF, BMP)."
    ),
    "image_unsupported": "The picture's file is of a rare kind that is not read: {reason}.",
    "image_corrupt": "The picture's file is damaged: {reason}.",
    "image_truncated": "The picture's file ends too early; part of it is missing.",
    "image_too_large": "The picture has {megapixels} megapixels; the limit is {limit}.",
    "image_too_small": "The picture is only {width} x {height} pixels; it needs {limit} on each side.",
    "image_animated": "The file holds {frames} pictures (an animation or several pages); give one of them.",
    # products
    "no_product_found": "No product was found in the photo.",
    "product_too_small": "The product covers only {coverage_percent} % of the photo.",
    "background_failed": "The product could not be separated from its background.",
    # renditions
    "rendition_over_budget": "{rendition} can't be made within {budget_kb} KB.",
    "rendition_failed": "{rendition} could not be written as {format}: {reason}.",
    # models
    "model_unknown": "There is no background model called {name}; there are {known}.",
    "model_missing": "The file of the background model {name} is missing: {path}.",
    "model_changed": "The file of the background model {name} is not the one that was recorded.",
    "model_unusable": "The background model {name} can't be used: {reason}.",
    # storage
    "disk_full": "The disk is full: {path}.",
    "output_not_writable": "The output folder can't be written: {path} ({reason}).",
    "output_locked": "Another run is at work in {path}.",
    "address_in_use": (
        "The server can't listen on {host} port {port}: {reason}. Perhaps Packshot runs there already; "
        "--port 0 takes a port that is free."
    ),
    "store_corrupt": "The job table in {path} can't be read: {reason}.",
    "store_denied": "AWS refuses access to {path}: {reason}.",
    # deployed stacks
    "extra_missing": "This needs {package}, which is not installed: pip install '{extra}'.",
    "aws_credentials": (
        "AWS was not told who is asking, or does not know them: {reason}. "
        "Sign in (for example with `aws sso login`), or name a profile in AWS_PROFILE."
    ),
    "aws_profile_unknown": "The AWS profile can't be used: {reason}.",
    "aws_region_missing": "No AWS region is set. Give --region, or set AWS_REGION.",
    "aws_region_unknown": "There is no AWS region called {region}.",
    "stack_unknown": (
        "There is no stack called {stack} in the region {region} of this account. "
        "Another one is named by --region."
    ),
    "stack_unfit": "{stack} is no Packshot stack, or is not wholly deployed: it has no output {output}.",
    "stack_empty": "The stack {stack} has no batch yet.",
    "batch_not_started": (
        "The batch {batch_id} has not started after {seconds} seconds; "
        "look at the rules and executions of {stack}."
    ),
    "execution_ended": "The execution of the batch {batch_id} ended as {status}.",
    "execution_final": (
        "The batch {batch_id} was stopped too long ago to go on: {reason}. Submit its manifest again."
    ),
    # reviews
    "review_conflict": "{image_id} was changed by somebody else since it was shown (now {qc_status}).",
    "review_not_possible": "{image_id} is {qc_status}, so it can't be {action}.",
    "review_superseded": (
        "{image_id} was replaced by {superseded_by}, so it can't be {action}. Review that one instead."
    ),
    "review_nothing_to_undo": "There is no decision on {image_id} to undo.",
    # requests to the HTTP API
    "request_invalid": "The request can't be used: {reason}.",
    "route_unknown": "There is nothing at {path}.",
    "method_refused": "{method} is not possible at {path}.",
    "body_too_large": "The request has more than {limit} bytes.",
    "token_missing": "The request carries no token. Open the link that packshot serve has printed.",
    "token_invalid": (
        "The token is not the one of this server. Open the link that packshot serve has printed."
    ),
    "token_expired": "The session has ended. Open the link that packshot serve has printed once more.",
    "role_missing": "This needs the role {role}.",
    "host_refused": "This server does not answer to the name {host}.",
    "origin_refused": "Requests from other sites are refused, and this one comes from {origin}.",
    "cursor_invalid": "The cursor is not one that this list has given, with these filters.",
    "idempotency_reused": "The idempotency key {key} was used for another request before.",
    "idempotency_busy": "The first request with the idempotency key {key} is still being worked on.",
    "version_missing": "Say which version of the image was seen, with If-Match or as version in the body.",
    "batch_unknown": "There is no batch {batch_id}.",
    "batch_state": "The batch {batch_id} is {status}, so it can't be {action}.",
    "batch_cancelled": "The batch was cancelled.",
    "job_unknown": "There is no job {job_id}.",
    "job_cancelled": "The job was cancelled.",
    "picture_unknown": "There is no such picture of {image_id}: {picture}.",
    "download_too_large": "The pictures don't fit into one file: {reason}. Choose fewer renditions.",
    "results_too_large": (
        "These results are given as one answer for at most {limit} images. "
        "When the batch has ended, take them as a file: format=jsonl or format=csv."
    ),
    "download_expired": "The download {job_id} was removed. Ask for it again.",
    "folder_unknown": "There is no upload folder {folder_id}.",
    "upload_unknown": "There is no upload {upload_id}.",
    "upload_incomplete": "{path} was announced and has not been sent.",
    "upload_in_use": "{path} belongs to a batch, so it stays.",
    "upload_name_refused": "{path} can't be used as the name of a file: {reason}.",
    "upload_type_refused": "Files of the type {content_type} are not taken.",
    "upload_first": (
        "Photos are not taken with the request here. Send the {content_type} to an address of /uploads, "
        "and then name its upload_id."
    ),
    "upload_size_wrong": "The file was announced with {expected} bytes and has {found}.",
    "upload_link_invalid": "The upload's address was changed, or is older than an hour. Ask for a new one.",
    "import_unknown": "There is no import {import_id}.",
    "selection_empty": "No imported photo has {what}.",
    "config_unknown": "There are no settings for {scope} {name}.",
    "configs_disagree": (
        "The settings of the batch's product groups and SKUs ask for several values of {setting} "
        "({values}). Name one for the batch, or start a batch for each."
    ),
    "queue_full": "{count} jobs are waiting; try again later.",
    # ours
    "stage_timeout": "The stage {stage} took too long.",
    "out_of_memory": "The picture needs more memory than there is.",
    "worker_lost": "The process that worked on the photo ended unexpectedly.",
    "batch_stopped": "The batch was stopped before its end: {reason}.",
    "internal_error": "Something in Packshot went wrong: {reason}.",
}


class PackshotError(Exception):
    """A failure with a stable `code`, a sentence for the user and the facts behind it.

    Args:
        code: one of `SENTENCES`.
        details: values for the sentence's placeholders and whatever else helps; JSON scalars.

    Raises:
        KeyError: the code is not listed, or the sentence names a detail that was not given.
    """

    retryable: bool = False

    def __init__(self, code: str, /, **details: object) -> None:
        self.code = code
        self.details = details
        self.message = SENTENCES[code].format_map(details)
        #: The stage it happened in; set by whoever runs the stage.
        self.stage: str | None = None
        super().__init__(self.message)

    def __reduce__(self) -> tuple[object, ...]:
        """Errors cross process borders, so they pickle by code and details."""
        return (_rebuild, (type(self), self.code, self.details, self.stage))


def _rebuild(
    kind: type[PackshotError], code: str, details: dict[str, object], stage: str | None
) -> PackshotError:
    error = kind(code, **details)
    error.stage = stage
    return error


class RetryableError(PackshotError):
    """The same call may succeed later."""

    retryable = True


class SourceUnavailableError(RetryableError):
    """A source did not answer, or not in time."""


class StoreUnavailableError(RetryableError):
    """A store or table is throttled or out of reach."""


class PermanentError(PackshotError):
    """The same call fails again."""


class ManifestError(PermanentError):
    """The list of photos can't be read, or a row of it."""


class SettingsError(PermanentError):
    """A preset, an option or a name that is not known or does not fit."""


class SourceError(PermanentError):
    """A source that is missing, refused or too big."""


class ImageError(PermanentError):
    """Bytes that are no picture we can read."""


class ProductError(PermanentError):
    """No product in the picture that can be worked on."""


class RenditionError(PermanentError):
    """An output file that can't be made as the preset asks."""


class ModelError(PermanentError):
    """A background network that is missing, changed or unusable."""


class StorageError(PermanentError):
    """The output can't be written, or is in use."""


class StackError(PermanentError):
    """A deployed stack that is not there, or an account that can't be used."""


class ReviewError(PermanentError):
    """A decision that does not fit the image's state."""


class RequestError(PermanentError):
    """An HTTP request that can't be served as it is."""


class InternalError(PermanentError):
    """A fault of ours."""


def as_step_error(error: PackshotError) -> PackshotError:
    """The same error as exactly `RetryableError` or `PermanentError`, which Step Functions can match.

    Its text is a JSON object {code, message, stage}, since a workflow sees only class and text.
    """
    kind = RetryableError if error.retryable else PermanentError
    plain = kind(error.code, **error.details)
    plain.stage = error.stage
    text = {"code": error.code, "message": error.message, "stage": error.stage}
    plain.args = (json.dumps(text, ensure_ascii=False),)
    return plain
