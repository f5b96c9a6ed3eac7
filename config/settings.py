"""The settings: typed, checked once, each with its origin. What they mean stands in default.toml."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import urlsplit

from config.check import check_listings, check_section, mask, show_value
from config.layers import CONFIG_VARIABLE, Layer, Value, load_environment, load_layer, read_flags
from config.model import (
    KEYS,
    SECRETS,
    SECTIONS,
    ArchiveSettings,
    BackupSettings,
    CrawlSettings,
    ListingSettings,
    ScheduleSettings,
    ServiceSettings,
    SiteSettings,
    SpiderSettings,
    TopicsSettings,
)
from crawler.errors import SettingsError

DEFAULT_FILE: Final = Path(__file__).with_name("default.toml")
TOPICS_FILE: Final = Path(__file__).with_name("topics.toml")
_APP: Final = "tribunwatch"
_OWN_MACHINE_DELAY_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as `config show` prints it: passwords masked, files as they are used."""

    key: str
    value: object
    origin: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings, checked; `config_file` is the person's own file, where there is one.

    `listings` are those of a settings file, if it has any; otherwise they follow from `site.hosts`.
    """

    archive: ArchiveSettings
    backup: BackupSettings
    topics: TopicsSettings
    site: SiteSettings
    spider: SpiderSettings
    crawl: CrawlSettings
    schedule: ScheduleSettings
    service: ServiceSettings
    listings: tuple[ListingSettings, ...]
    origins: Mapping[str, str]
    config_file: Path | None

    @property
    def archive_path(self) -> str:
        """Where the archive is: a file, or an address with "://", which may hold a password."""
        if self.archive.path:
            return self.archive.path
        from platformdirs import user_data_path  # noqa: PLC0415  - not paid for where the place is named

        return str(user_data_path(_APP) / "tribunwatch.db")

    @property
    def backup_folder(self) -> Path:
        """Where backups are put: beside a file, else in the data folder of the person."""
        if self.backup.folder:
            return Path(self.backup.folder)
        file = self.archive_path.removeprefix("sqlite:///")
        if "://" not in file:
            return Path(file).expanduser().resolve().parent / "backups"
        from platformdirs import user_data_path  # noqa: PLC0415  - not paid for where the place is named

        return user_data_path(_APP) / "backups"

    @property
    def topics_path(self) -> str:
        """Which topics file is used."""
        return self.topics.file or str(TOPICS_FILE)

    @property
    def user_agent(self) -> str:
        """What every request calls itself; without a contact, the place for it is left out."""
        from importlib.metadata import version  # noqa: PLC0415  - slow, and few commands make a request

        template = self.spider.user_agent
        if not self.spider.contact:
            template = " ".join(template.replace("(+{contact})", "").split())
        return template.replace("{version}", version(_APP)).replace("{contact}", self.spider.contact)

    def origin(self, key: str) -> str:
        """Return where a setting comes from: "flag --archive", "environment …", "file …", or "default"."""
        return self.origins[key]

    def shown(self) -> list[Shown]:
        """Return every setting in the order of default.toml, the listings of the settings file last."""
        used: dict[str, object] = {
            "archive.path": self.archive_path,
            "topics.file": self.topics_path,
            "backup.folder": str(self.backup_folder),
        }
        rows = []
        for key in KEYS:
            section, _, name = key.partition(".")
            value = used.get(key, getattr(getattr(self, section), name))
            value = list(value) if isinstance(value, tuple) else value
            rows.append(Shown(key, mask(value) if key in SECRETS else value, self.origins[key]))
        return [*rows, *(Shown(f"listing.{each.name}", each.url, self.origins["listing"]) for each in self.listings)]

    def for_own_machine(self, site_url: str) -> "Settings":
        """Return the settings for trials against a server on this machine: the same, with hardly a pause.

        Raises:
            SettingsError: The address is not one of this machine; the real site always gets its pauses.
        """
        if not _is_own_machine(site_url):
            mend = "write one such as http://127.0.0.1:8000"
            raise SettingsError(f"--site {show_value(site_url)}: not an address of this machine; {mend}")
        return replace(self, spider=self.spider.model_copy(update={"download_delay_s": _OWN_MACHINE_DELAY_S}))


def load_settings(config_file: Path | None, environ: Mapping[str, str], flags: Mapping[str, object]) -> Settings:
    """Return the settings: of the command line, else the environment, else the settings file, else the defaults.

    Args:
        config_file: The file that the command line names; without it TRIBUNWATCH_CONFIG names one, and without that
            config.toml in the platform's folder for settings is read, if it is there.
        environ: The environment; every variable that begins with TRIBUNWATCH_ must be a setting.
        flags: What the command line sets, by key ("archive.path"); None where an option was not given.

    Raises:
        SettingsError: A file cannot be read, or a setting is unknown or wrong; all that is wrong is told at once.
    """
    default = load_layer(DEFAULT_FILE)
    layers = [Layer(tuple(replace(value, origin="default") for value in default.values), default.wrong)]
    path = _config_file(config_file, environ)
    if path:
        layers.append(load_layer(path))
    layers += [load_environment(environ), read_flags(flags)]
    values: dict[str, Value] = {}
    wrong: dict[str, None] = {}
    for layer in layers:
        # Every place is checked, so that a wrong line of the file is told although the command line overrides it.
        values |= {value.key: value for value in layer.values}
        sections = {name: check_section(name, values) for name in SECTIONS}
        listings, wrong_listings = check_listings(values.get("listing"))
        wrong |= dict.fromkeys(layer.wrong)
        wrong |= dict.fromkeys(line for _, lines in sections.values() for line in lines)
        wrong |= dict.fromkeys(wrong_listings)
    if wrong:
        raise SettingsError("; also: ".join(wrong))
    return Settings(
        **cast("dict[str, Any]", {name: section for name, (section, _) in sections.items()}),
        listings=listings,
        origins={key: value.origin for key, value in values.items()},
        config_file=path,
    )


def _config_file(named: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return the settings file to read: one that was named must be there, the usual one need not."""
    if named:
        return named
    if environ.get(CONFIG_VARIABLE):
        return Path(environ[CONFIG_VARIABLE])
    from platformdirs import user_config_path  # noqa: PLC0415  - not paid for where the file is named

    usual = user_config_path(_APP) / "config.toml"
    return usual if usual.exists() else None


def _is_own_machine(site_url: str) -> bool:
    try:
        parts = urlsplit(site_url)
        is_address = (
            parts.scheme in {"http", "https"} and parts.username is None and (parts.port is None or parts.port > 0)
        )
        return is_address and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
