"""The log of the service: text on a terminal, JSON elsewhere, the crawl's number on every line about one.

A line is one line: control characters of what is logged become spaces, so nothing in it can pass for another line or
steer a terminal.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from typing import Final, Literal

from crawler.errors import SettingsError

Format = Literal["auto", "text", "json"]
_MEGABYTE: Final = 1_000_000
_crawl: ContextVar[int | None] = ContextVar("crawl", default=None)
# As the commands write their log: "2026-07-24 08:00:00,123 INFO crawler.crawl: crawl ended …".
_LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR|CRITICAL) ([\w.]+): (.*)", re.DOTALL
)


@contextmanager
def about_crawl(crawl_id: int) -> Iterator[None]:
    """Let every line that is logged in the block, by tasks and threads begun in it too, carry the crawl's number."""
    token = _crawl.set(crawl_id)
    try:
        yield
    finally:
        _crawl.reset(token)


def pass_on(crawl_id: int, line: str) -> None:
    """Log a line that the process of a crawl wrote on stderr, with its own level and the crawl's number."""
    read = _LINE.fullmatch(line.rstrip("\n"))
    level, name, text = read.groups() if read else ("WARNING", "crawl", line.rstrip("\n"))
    with about_crawl(crawl_id):
        logging.getLogger(name).log(getattr(logging, level), "%s", text)


def start_log(*, file: str = "", form: Format = "auto", megabytes: int = 20, level: int = logging.INFO) -> None:
    """Write everything that is logged to the file, or where none is named to stderr.

    The file and the one before it (FILE.1) take `megabytes` together.

    Raises:
        SettingsError: The file cannot be written.
    """
    handler: logging.Handler
    if file:
        try:
            handler = RotatingFileHandler(file, maxBytes=megabytes * _MEGABYTE // 2, backupCount=1, encoding="utf-8")
        except OSError as error:
            reason = error.strerror or str(error)
            raise SettingsError(f"service.log_file: cannot write {file}: {reason}; name another") from error
    else:
        handler = logging.StreamHandler(sys.stderr)
    is_text = form == "text" or (form == "auto" and not file and sys.stderr.isatty())
    handler.setFormatter(_Text() if is_text else _Json())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # It tells of every tick.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    # Where the log cannot be written (disk full, terminal closed) the service goes on without it.
    logging.raiseExceptions = False


def _at(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _trace(record: logging.LogRecord, formatter: logging.Formatter) -> str | None:
    return formatter.formatException(record.exc_info) if record.exc_info else None


class _Text(logging.Formatter):
    """A line such as "2026-07-24T01:02:03.000Z INFO crawl=7 crawler.crawl: crawl ended state=succeeded"."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a traceback follows on lines of its own."""
        crawl_id = _crawl.get()
        about = "" if crawl_id is None else f"crawl={crawl_id} "
        line = f"{_at(record)} {record.levelname} {about}{record.name}: {_one_line(record.getMessage())}"
        trace = _trace(record, self)
        return f"{line}\n{trace}" if trace else line


class _Json(logging.Formatter):
    """A line such as {"at": "2026-07-24T01:02:03.000Z", "level": "INFO", "crawl": 7, "from": …, "text": …}."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; `crawl` and `trace` only where there is one."""
        told = {"at": _at(record), "level": record.levelname, "crawl": _crawl.get(), "from": record.name}
        told |= {"text": _one_line(record.getMessage()), "trace": _trace(record, self)}
        return json.dumps({key: value for key, value in told.items() if value is not None}, ensure_ascii=False)
