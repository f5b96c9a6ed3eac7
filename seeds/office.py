"""The front office: which site a request means, what it is answered, and the books of all that was asked and sent."""

import ipaddress
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from seeds.faults import Fault, FaultKind, Faults
from seeds.journal import Journal
from seeds.routes import Answer, Routes
from seeds.server import Request, Visit
from seeds.sites import WWW

# So many requests are remembered; the journal has them all.
_MOST_KEPT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and what was sent back; moments in UTC, `path` with its query.

    Args:
        status: 0 where no answer was sent.
        at: When the answer was about to be sent.
        asked_at: When the request had come.
        connection: The number of the connection by which it came.
        at_once: How many requests its host was asked at that moment, this one included.
        faults: What was made to go wrong with it.
        articles: The numbers of the articles that the answer lists, where it lists any and was sent whole.
        retry_after: The header of the answer.
        robots: The text, where it was a robots.txt.
    """

    method: str
    host: str
    path: str
    status: int
    at: datetime
    sent_bytes: int
    conditional: bool
    agent: str
    asked_at: datetime
    connection: int
    at_once: int
    faults: tuple[str, ...]
    articles: tuple[int, ...]
    retry_after: str | None
    robots: str | None


class Office:
    """Answers the server's questions, in the server's thread, and keeps the books."""

    def __init__(self, routes: Routes, faults: Faults, journal: Journal) -> None:
        self._routes = routes
        self._faults = faults
        self._journal = journal
        self._visits: dict[str, list[Visit]] = {}
        self.most_at_once: dict[str, int] = {}
        self.log: list[Asked] = []
        self.requested: list[str] = []

    def host_of(self, request: Request) -> str:
        """Return the site that a request means; a browser on this machine, which names no site, means www."""
        host = request.headers.get("host", "").lower()
        name = host.rpartition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]
        return WWW if not name or is_loopback(name) else name

    def answer(self, host: str, target: str) -> Answer:
        """Return the answer to a GET, faults apart."""
        path, _, query = target.partition("#")[0].partition("?")
        return self._routes.answer(host, path, query)

    def struck(self, host: str, target: str) -> dict[FaultKind, Fault]:
        """Return the faults that strike this request."""
        return self._faults.struck(host, target)

    def note_request(self, request: Request, host: str, connection: int, has_left: Callable[[], bool]) -> Visit:
        """Write down that a request came; whoever has gone is not asking any more."""
        here = self._visits.setdefault(host, [])
        at_once = 1 + sum(not each.has_left() for each in here)
        visit = Visit(request, host, connection, datetime.now(UTC), at_once, has_left)
        here.append(visit)
        self.most_at_once[host] = max(self.most_at_once.get(host, 0), at_once)
        self.requested.append(f"{host}{request.target}")
        _forget_oldest(self.requested)
        return visit

    def note_answer(
        self, visit: Visit, answer: Answer | None, sent_bytes: int, faults: Collection[FaultKind] = ()
    ) -> None:
        """Write down what is about to be sent, so that a client that has it finds it in the log; None is no answer."""
        request = visit.request
        is_robots = answer is not None and request.target == "/robots.txt"
        asked = Asked(
            method=request.method,
            host=visit.host,
            path=request.target,
            status=answer.status if answer else 0,
            at=datetime.now(UTC),
            sent_bytes=sent_bytes,
            conditional=not request.headers.keys().isdisjoint({"if-none-match", "if-modified-since"}),
            agent=request.headers.get("user-agent", ""),
            asked_at=visit.asked_at,
            connection=visit.connection,
            at_once=visit.at_once,
            faults=tuple(sorted(faults)),
            articles=answer.articles if answer and request.method == "GET" and "cut" not in faults else (),
            retry_after=answer.headers.get("Retry-After") if answer else None,
            robots=answer.body.plain.decode(errors="replace") if answer and is_robots else None,
        )
        self.log.append(asked)
        _forget_oldest(self.log)
        self._journal.write("request", asdict(asked))

    def note_end(self, visit: Visit) -> None:
        """Write down that an answer is sent, or will never be."""
        self._visits[visit.host].remove(visit)


def _forget_oldest(kept: list[Any]) -> None:
    if len(kept) > _MOST_KEPT:
        del kept[: _MOST_KEPT // 2]


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine and nothing else."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
