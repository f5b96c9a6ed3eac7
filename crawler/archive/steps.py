"""One step of a link through the ledger: from one state to the next, and how long a failed one waits."""

from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, select, update

from crawler.archive.clean import clean_text
from crawler.archive.statement import Statement
from crawler.archive.tables import link

LinkState = Literal["seen", "fetched", "stored", "skipped", "failed", "gone"]

MAX_ATTEMPTS: Final = 5
_FIRST_WAIT_S: Final = 5 * 60
_WAIT_FACTOR: Final = 4
_LONGEST_WAIT_S: Final = 24 * 3600
# A server may ask for more patience than we would have, but not for ever.
_LONGEST_ASKED_FOR_S: Final = 7 * 24 * 3600

_FIND = Statement(select(link.c.state, link.c.attempts).where(link.c.key == bindparam("b_key")))


@dataclass(frozen=True, slots=True)
class Step:
    """What happened to a link."""

    key: str
    state: LinkState
    reason: str | None
    now_s: int
    crawl_id: int | None
    retry_after_s: float | None = None


def take_step(connection: Connection, step: Step) -> bool:
    """Write the step into the ledger; say whether the link is in it at all.

    What is stored stays stored, with the reason of the step beside it: only "gone" may follow.
    """
    found = _FIND.row(connection, b_key=step.key)
    if found is None:
        return False
    was, attempts = found
    has_failed = step.state == "failed"
    changed: dict[str, Any] = {
        "reason": None if step.reason is None else clean_text(step.reason),
        "last_crawl_id": step.crawl_id,
        "attempts": attempts + has_failed,
        "not_before": step.now_s + wait_s(attempts, step.retry_after_s) if has_failed else None,
    }
    if was != "stored" or step.state == "gone":
        changed |= {"state": step.state, "state_at": step.now_s}
    connection.execute(update(link).where(link.c.key == step.key).values(changed))
    return True


def wait_s(attempts: int, retry_after_s: float | None = None) -> int:
    """Return how long a link waits that failed now, and `attempts` times before: longer if the server asked for it."""
    own_s: int = min(_FIRST_WAIT_S * _WAIT_FACTOR ** min(attempts, MAX_ATTEMPTS), _LONGEST_WAIT_S)
    if retry_after_s is None or not retry_after_s > own_s:
        return own_s
    return int(min(retry_after_s, _LONGEST_ASKED_FOR_S))
