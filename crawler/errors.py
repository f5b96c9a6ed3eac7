"""Every error that Tribunwatch raises on purpose: one line that says what, where and what to do."""

from typing import ClassVar

DONE, FAILED, WRONG_USE, HELD, UNREACHABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130


class CrawlerError(Exception):
    """What went wrong is known; the message is the line that the operator reads."""

    exit_code: ClassVar[int] = FAILED


class AddressError(CrawlerError):
    """An address is not one of the Tribun network, or is not an address at all."""

    exit_code = WRONG_USE

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url[:200]}: {reason}")
        self.url = url
        self.reason = reason


class ExtractionError(CrawlerError):
    """A page lacks a field every article must have; usually the site changed its layout."""

    def __init__(self, url: str | None, field: str) -> None:
        super().__init__(f"no {field} found in {url or 'the document'}")
        self.url = url
        self.field = field


class PageRefusedError(CrawlerError):
    """A page would cost more to read than any article may (see `markup.py`)."""

    def __init__(self, url: str | None, reason: str) -> None:
        super().__init__(f"refused to read {url or 'the document'}: {reason}")
        self.url = url
        self.reason = reason


class ListingError(CrawlerError):
    """A listing could not be read: neither a sitemap nor an index page that we know."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"listing {url}: {reason}")
        self.url = url
        self.reason = reason


class InputFileError(CrawlerError):
    """A file that a person named cannot be read or is not what it should be."""

    exit_code = WRONG_USE

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


class OutputFileError(CrawlerError):
    """A file could not be written to its end; under its name stands what stood there before."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}; nothing was changed under this name")
        self.path = path
        self.reason = reason


class SettingsError(CrawlerError):
    """A setting is unknown, of the wrong type or out of its range."""

    exit_code = WRONG_USE


class ScheduleError(CrawlerError):
    """A schedule cannot be read; the message names the schedule, what is wrong and what to write."""

    exit_code = WRONG_USE

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class TopicsError(CrawlerError):
    """The topics file cannot be used; the message names the file, the topic and the mend."""

    exit_code = WRONG_USE


class QueryError(CrawlerError):
    """A query cannot be understood: where, counted in letters from 1, what was expected, and what may have been meant.

    `mend` is a whole query that can be understood, and is offered in the message when it is short; None where
    none is at hand.
    """

    exit_code = WRONG_USE
    _MOST_OFFERED: ClassVar = 200

    def __init__(self, reason: str, *, column: int | None = None, mend: str | None = None) -> None:
        where = "query" if column is None else f"query, column {column}"
        offer = "" if mend is None or len(mend) > self._MOST_OFFERED else f"; did you mean: {mend}"
        super().__init__(f"{where}: {reason}{offer}")
        self.reason = reason
        self.column = column
        self.mend = mend


class NotFoundError(CrawlerError):
    """What a person asked for by name or number is not in the archive."""


class UnreachableError(CrawlerError):
    """A host gave no answer at all: no network, no name, no connection."""

    exit_code = UNREACHABLE

    def __init__(self, host: str, cause: str) -> None:
        super().__init__(f"cannot reach {host}: {cause}; check the network, then run the same command again")
        self.host = host
        self.cause = cause


class PortTakenError(CrawlerError):
    """The service cannot listen where it was told to, most often because another process does."""

    exit_code = HELD

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(
            f"cannot listen on {host} port {port}: {reason}; end what listens there, or choose another with --port "
            "(0 takes one that is free)"
        )
        self.host = host
        self.port = port
        self.reason = reason


class ArchiveError(CrawlerError):
    """The archive cannot be used as asked."""

    def __init__(self, location: str, reason: str) -> None:
        super().__init__(f"archive {location}: {reason}")
        self.location = location
        self.reason = reason


class ArchiveHeldError(ArchiveError):
    """Another process holds the archive: a crawl of its own, or a write that does not end."""

    exit_code = HELD


class CrawlLostError(CrawlerError):
    """A crawl is not that of this process any more: another took its place, or it was ended."""

    exit_code = HELD

    def __init__(self, crawl_id: int) -> None:
        super().__init__(
            f"crawl {crawl_id} is not this process's any more; nothing more is stored by it; "
            f"see: tribunwatch crawls show {crawl_id}"
        )
        self.crawl_id = crawl_id


class CrawlNotTakenError(CrawlerError):
    """A crawl was asked for, and the service that should have run it is gone."""

    def __init__(self, crawl_id: int) -> None:
        super().__init__(
            f"the service is gone; crawl {crawl_id} waits for the next one; start it with: tribunwatch serve, "
            f"or take the crawl back with: tribunwatch crawls cancel {crawl_id}"
        )
        self.crawl_id = crawl_id


class ArchiveUnreachableError(ArchiveError):
    """The server that holds the archive gives no answer, or broke off the connection."""

    exit_code = UNREACHABLE


class ArchiveMissingError(ArchiveError):
    """There is no archive at the place named."""


class ArchiveReadOnlyError(ArchiveError):
    """The archive or its folder may not be written to."""


class ArchiveFullError(ArchiveError):
    """The disk, or the quota, has no room for what was to be stored."""


class ArchiveNewerError(ArchiveError):
    """A later Tribunwatch has written this archive; this one must not touch it."""


class ArchiveOlderError(ArchiveError):
    """An earlier Tribunwatch has made this archive; it is to be brought up to date first."""


class ArchiveBrokenError(ArchiveError):
    """The file is not a Tribunwatch archive, or is damaged."""


class MissingPackageError(CrawlerError):
    """Something that was asked for needs a package that is only installed on request."""

    exit_code = WRONG_USE

    def __init__(self, what: str, package: str, extra: str) -> None:
        super().__init__(f"{what} need the package {package}; run: pip install 'tribunwatch[{extra}]'")
