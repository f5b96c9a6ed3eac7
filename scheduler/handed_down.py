"""Settings and topics as the service read them, for its crawls: what is edited meanwhile reaches them with SIGHUP.

A crawl is a process of its own and reads its settings itself. So that a file that is half written, or wrong, stops no
crawl, the service keeps copies in memory, and its environment, which its crawls inherit, names these.
"""

import os
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from config.layers import CONFIG_VARIABLE, VARIABLES
from config.settings import Settings
from crawler.errors import SettingsError

_TOPICS: Final = "TRIBUNWATCH_TOPICS_FILE"


class HandedDown:
    """The copies, in files that only memory holds."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        """Take the environment that children inherit."""
        self._environ = environ
        self._held: list[int] = []

    def keep(self, settings: Settings) -> None:
        """Let crawls that begin from now on use these settings and their topics; the archive each is told by itself.

        Raises:
            SettingsError: A file was taken away since it was read.
        """
        topics, config = Path(settings.topics_path), settings.config_file
        try:
            copies = [_copy(topics.read_bytes()), _copy(config.read_bytes() if config else b"")]
        except OSError as error:
            raise SettingsError(f"{error.filename}: cannot be read: {error.strerror}; put it back") from error
        for name in [name for name, key in VARIABLES.items() if key in {"archive.path", "topics.file"}]:
            self._environ.pop(name, None)
        named = (f"/proc/{os.getpid()}/fd/{copy}" for copy in copies)
        self._environ.update(zip((_TOPICS, CONFIG_VARIABLE), named, strict=True))
        # A crawl that began a moment ago may still have to read what was kept before.
        for old in self._held[:-2]:
            os.close(old)
        self._held = [*self._held[-2:], *copies]


def _copy(body: bytes) -> int:
    copy = os.memfd_create("tribunwatch")
    with os.fdopen(os.dup(copy), "wb") as file:
        file.write(body)
    return copy
