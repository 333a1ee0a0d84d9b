"""Who sits at this terminal, for the history of reviews."""

from __future__ import annotations

import getpass


def user_name(unnamed: str) -> str:
    """The name of this system's user; `unnamed` where there is none, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return unnamed
