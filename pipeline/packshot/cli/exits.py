"""Exit codes, the same for every command."""

from __future__ import annotations

from typing import Final

from packshot import errors

ALL_WELL: Final = 0
SOME_FAILED: Final = 1
USAGE: Final = 2
ENVIRONMENT: Final = 3
INTERRUPTED: Final = 130

#: The machine, the disk, the network or a broken installation: the same command may work elsewhere.
_ENVIRONMENT_ERRORS = (
    errors.RetryableError,
    errors.StorageError,
    errors.ModelError,
    errors.StackError,
    errors.InternalError,
)
#: Of those kinds, but a wrong word on the command line.
_USAGE_CODES = frozenset(
    {
        "model_unknown",
        "aws_profile_unknown",
        "aws_region_missing",
        "aws_region_unknown",
        "stack_unknown",
        "stack_unfit",
        "stack_empty",
    }
)


def exit_code(error: errors.PackshotError) -> int:
    """The exit code of an error that ended a command."""
    if isinstance(error, _ENVIRONMENT_ERRORS) and error.code not in _USAGE_CODES:
        return ENVIRONMENT
    return USAGE
