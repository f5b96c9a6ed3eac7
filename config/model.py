"""The settings as types: what each may be. Their meanings and defaults stand in default.toml."""

import ipaddress
import re
from typing import Annotated, Final, Literal, get_origin
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

USER_AGENT_PARTS: Final = ("Tribunwatch/{version}", "(+{contact})")
# Marks of a setting, see SECRETS and PATHS.
_MASKED: Final = "masked"
_FILE: Final = "file"
_CONTACT = re.compile(r"[^\s()@]+@[^\s()@]+\.[^\s()@]+|https?://[^\s()]+", re.ASCII)
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HOST = re.compile(r"[a-z0-9][a-z0-9.-]{0,99}")
_PORTS: Final = range(65536)


class Section(BaseModel):
    """A table of the settings: nothing unknown, nothing bent into another type, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


def _check_line(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must be one line without control characters")
    return text


def _check_contact(text: str) -> str:
    if text and not (text.isascii() and text.isprintable() and _CONTACT.fullmatch(text)):
        raise ValueError("must be an e-mail address, or a web address beginning with https://")
    return text


def _check_user_agent(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValueError("must be one line of plain letters (ASCII)")
    missing = [part for part in USER_AGENT_PARTS if part not in text]
    if missing:
        raise ValueError(f"must contain {' and '.join(missing)}")
    return text


def _check_address(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_good = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 0) in _PORTS
    except ValueError:
        is_good = False
    if not is_good or not url.isprintable() or " " in url:
        raise ValueError("must be a web address beginning with https://")
    return url


def _check_name(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError("must be 1 to 40 small letters, figures and hyphens")
    return name


def _check_host(name: str) -> str:
    if not _HOST.fullmatch(name):
        raise ValueError('must be a list of names of sites, such as ["www", "jabar"], or ["all"]')
    return name


def _check_section(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError('must be a list of sections as they stand in addresses, such as ["nasional", "bisnis"]')
    return name


Line = Annotated[str, AfterValidator(_check_line)]


class ArchiveSettings(Section):
    """Where everything is kept."""

    path: Annotated[Line, _MASKED, _FILE]
    wait_s: float = Field(ge=0, le=600)
    keep_unmatched_days: int = Field(ge=0, le=3650)
    keep_pages_days: int = Field(ge=0, le=3650)
    keep_pages_mb: int = Field(ge=0, le=1_000_000)
    keep_history_days: int = Field(ge=1, le=3650)
    prune_every: Line


class BackupSettings(Section):
    """The copies that are made of it."""

    folder: Annotated[Line, _FILE]
    every: Line
    keep: int = Field(ge=1, le=1000)


class TopicsSettings(Section):
    """Where the topics are read from."""

    file: Annotated[Line, _FILE]


class SiteSettings(Section):
    """What of the network is followed."""

    hosts: Annotated[tuple[Annotated[str, AfterValidator(_check_host)], ...], Field(strict=False, min_length=1)]
    sections: Annotated[tuple[Annotated[str, AfterValidator(_check_section)], ...], Field(strict=False)]
    sitemaps: Annotated[tuple[Literal["news", "web"], ...], Field(strict=False, min_length=1)]


class SpiderSettings(Section):
    """How the site is asked."""

    contact: Annotated[str, AfterValidator(_check_contact)]
    user_agent: Annotated[str, AfterValidator(_check_user_agent)]
    download_delay_s: float = Field(ge=1, le=60)
    jitter: float = Field(ge=0, le=2)
    requests_per_day: int = Field(ge=1, le=1_000_000)
    download_timeout_s: float = Field(ge=1, le=120)
    max_page_bytes: int = Field(ge=64 * 1024, le=64 * 1024 * 1024)
    max_pages_per_article: int = Field(ge=1, le=100)
    longest_pause_s: float = Field(ge=60, le=86400)
    patience_s: float = Field(ge=0, le=600)
    refusals_allowed: int = Field(ge=1, le=100)
    failures_allowed: int = Field(ge=1, le=100)


class CrawlSettings(Section):
    """How much one crawl does."""

    limit: int = Field(ge=1, le=100_000)
    max_index_pages: int = Field(ge=1, le=10)
    fetch: Literal["all", "likely"]


class ScheduleSettings(Section):
    """When the service asks the listings; plans are read where schedules are made of them (scheduler/provision.py)."""

    listings: Line
    zone: Line
    quiet_hours: Line
    overlap: Literal["skip", "queue"]
    catch_up: bool


def _check_own_host(name: str) -> str:
    try:
        is_own = name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        is_own = False
    if not is_own:
        raise ValueError("must be an address of this machine, such as 127.0.0.1: there is no password yet")
    return name


class ServiceSettings(Section):
    """Where the service answers, what it writes down of its doings, and what a crawl may take."""

    host: Annotated[str, AfterValidator(_check_own_host)]
    port: int = Field(ge=0, le=65535)
    log_file: Annotated[Line, _FILE]
    log_format: Literal["auto", "text", "json"]
    log_mb: int = Field(ge=1, le=10_000)
    least_free_mb: int = Field(ge=0, le=1_000_000)
    longest_crawl_s: float = Field(ge=1, le=604_800)
    least_backfill_s: float = Field(ge=1, le=86_400)
    longest_cpu_s: int = Field(ge=1, le=604_800)
    most_memory_mb: int = Field(ge=64, le=1_000_000)


class ListingSettings(Section):
    """A page or file of the site that lists articles; `every` is a plan of its own, empty for that of all."""

    name: Annotated[str, AfterValidator(_check_name)]
    url: Annotated[str, AfterValidator(_check_address)]
    kind: Literal["sitemap", "index", "home", "rss"]
    every: Line = ""


SECTIONS: Final[dict[str, type[Section]]] = {
    "archive": ArchiveSettings,
    "backup": BackupSettings,
    "topics": TopicsSettings,
    "site": SiteSettings,
    "spider": SpiderSettings,
    "crawl": CrawlSettings,
    "schedule": ScheduleSettings,
    "service": ServiceSettings,
}
# Every setting outside [[listing]], by its name: "spider.download_delay_s".
KEYS: Final = {
    f"{section}.{key}": field for section, model in SECTIONS.items() for key, field in model.model_fields.items()
}
# These may hold a password: it is never shown, and the environment may name a file that holds the value.
SECRETS: Final = frozenset(key for key, field in KEYS.items() if _MASKED in field.metadata)
# These name a file; a relative one lies beside the settings file that names it.
PATHS: Final = frozenset(key for key, field in KEYS.items() if _FILE in field.metadata)
# These hold a list of names; in the environment they stand with commas between them.
LISTS: Final = frozenset(key for key, field in KEYS.items() if get_origin(field.annotation) is tuple)
