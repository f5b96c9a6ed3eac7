"""The newsroom's log (docs/request-log.md): what there was to be found, and what it was asked by us."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from crawler.errors import AddressError, InputFileError
from crawler.site import Address, identify

PRODUCT: Final = "Tribunwatch"
ROBOTS_PATH: Final = "/robots.txt"
# What was made to go wrong and leaves an answer whole all the same.
_HARMLESS: Final = frozenset({"forget"})
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Published:
    """An article of the newsroom, and when it was changed or taken off the site."""

    key: str
    url: str
    changed_at: list[datetime] = field(default_factory=list)
    removed_at: list[datetime] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of ours, and what was answered.

    Args:
        asked_at: When it came.
        at: When the answer began; `status` 0 is none.
        host: The site that was asked.
        path: With its query.
        status: Of the answer.
        faults: What the newsroom did wrong on purpose.
        listed: The keys of the articles that the answer lists.
        connection: The number of the connection by which it came.
        at_once: How many requests its host was asked at that moment.
        retry_after: The header of the answer.
        robots: The text, where it was a robots.txt.
        address: What it names, None where that is nothing of the network.
    """

    asked_at: datetime
    at: datetime
    host: str
    path: str
    status: int
    faults: frozenset[str]
    listed: tuple[str, ...]
    connection: int
    at_once: int
    retry_after: str | None
    robots: str | None
    address: Address | None

    @property
    def url(self) -> str:
        """The address that was asked for."""
        return f"https://{self.host}{self.path}"

    @property
    def is_whole(self) -> bool:
        """Whether it was answered with all that there is."""
        return self.status == _OK and self.faults <= _HARMLESS

    @property
    def article(self) -> Address | None:
        """The article that was asked for, if it was one."""
        return self.address if self.address is not None and self.address.is_readable else None


@dataclass(frozen=True, slots=True)
class RequestLog:
    """What the newsroom printed, by key, and what we asked it, in the order in which it came."""

    published: Mapping[str, Published]
    asked: tuple[Asked, ...]
    is_full: bool = False

    def since(self, moment: datetime) -> "RequestLog":
        """Return the log with the requests from a moment on."""
        return replace(self, asked=tuple(each for each in self.asked if each.asked_at >= moment))

    def by_host(self) -> dict[str, list[Asked]]:
        """Return the requests of each host."""
        hosts: dict[str, list[Asked]] = {}
        for each in self.asked:
            hosts.setdefault(each.host, []).append(each)
        return hosts


def load_log(path: Path) -> RequestLog:
    """Return what a newsroom wrote.

    Raises:
        InputFileError: The file cannot be read, or a line is none of a newsroom.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            return _read(str(path), lines)
    except OSError as error:
        raise InputFileError(str(path), error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise InputFileError(str(path), "is not UTF-8; name the log of a newsroom") from error


def _read(name: str, lines: Iterator[str]) -> RequestLog:
    reading = _Reading()
    for number, line in enumerate(lines, start=1):
        if not line.endswith("\n"):
            # It is being written.
            break
        try:
            reading.take(json.loads(line))
        except (ValueError, KeyError, TypeError, AddressError) as error:
            raise InputFileError(name, f"line {number} is none of a newsroom's log; see docs/request-log.md") from error
    in_order = tuple(sorted(reading.asked, key=lambda each: each.asked_at))
    return RequestLog(reading.published, in_order, reading.is_full)


@dataclass(slots=True)
class _Reading:
    """A log as far as it was read; a number means the article of the last line that gave it."""

    numbered: dict[int, Published] = field(default_factory=dict)
    published: dict[str, Published] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    is_full: bool = False

    def take(self, row: Mapping[str, Any]) -> None:
        """Take a line; one of an unknown kind is a KeyError."""
        {
            "article": self._take_article,
            "changed": lambda row: self.numbered[row["number"]].changed_at.append(_moment(row["at"])),
            "removed": lambda row: self.numbered[row["number"]].removed_at.append(_moment(row["at"])),
            "request": self._take_request,
            "full": self._take_end,
        }[row["kind"]](row)

    def _take_article(self, row: Mapping[str, Any]) -> None:
        key = identify(row["url"]).key
        self.numbered[row["number"]] = self.published.setdefault(key, Published(key, row["url"]))

    def _take_request(self, row: Mapping[str, Any]) -> None:
        if f"{PRODUCT}/" in row["agent"]:
            self.asked.append(_asked(row, self.numbered))

    def _take_end(self, row: Mapping[str, Any]) -> None:
        del row
        self.is_full = True


def _asked(row: Mapping[str, Any], numbered: Mapping[int, Published]) -> Asked:
    try:
        address = identify(f"https://{row['host']}{row['path']}")
    except AddressError:
        address = None
    return Asked(
        asked_at=_moment(row["asked_at"]),
        at=_moment(row["at"]),
        host=row["host"],
        path=row["path"],
        status=row["status"],
        faults=frozenset(row["faults"]),
        listed=tuple(numbered[each].key for each in row["articles"]),
        connection=row["connection"],
        at_once=row["at_once"],
        retry_after=row["retry_after"],
        robots=row["robots"],
        address=address,
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
