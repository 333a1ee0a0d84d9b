"""How many children a Map may have at once: what the settings ask, within what Lambda has free for them.

A child has one call at a time. More children than places means refused calls, which wait and, in the end,
fail images; a young account has ten places, and its owner may not know.
"""

from __future__ import annotations

import logging
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from packshot.adapters.aws.clients import client
from packshot.workflow import PLAN

_LOG: Final = logging.getLogger("packshot")
#: Places left to the batch's own steps and to others: a tenth of all, and never fewer.
_LEFT_SHARE: Final = 10
_LEFT_AT_LEAST: Final = 2


def children_at_once(asked: int) -> int:
    """Children for a Map that was asked to have so many at once, in the account as it is now."""
    try:
        limits = client("lambda").get_account_settings()["AccountLimit"]
        places = int(limits["UnreservedConcurrentExecutions"])
    except (BotoCoreError, ClientError) as error:
        # Whoever forbids the question has set `concurrency` by hand.
        facts = {"function": PLAN.name, "reason": str(error)[:200]}
        _LOG.warning("the account's places are not told", extra=facts)
        return asked
    return within(asked, places)


def within(asked: int, places: int) -> int:
    """At most `asked`, with some of an account's places left to others; at least one."""
    left = max(_LEFT_AT_LEAST, places // _LEFT_SHARE)
    return max(1, min(asked, places - left))
