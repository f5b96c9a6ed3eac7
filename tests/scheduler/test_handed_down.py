"""What a crawl finds when it reads its settings: what the service read, whatever became of the files since."""

import os
from pathlib import Path

import pytest

from config.settings import load_settings
from crawler.commands.topics_file import load_topics
from crawler.errors import SettingsError
from scheduler.handed_down import HandedDown

TOPICS = '[[topic]]\nname = "{}"\nkeywords = ["banjir"]\n'


def write(folder: Path, *, topic: str, limit: int) -> Path:
    (folder / "topics.toml").write_text(TOPICS.format(topic))
    config = folder / "config.toml"
    config.write_text(f'[topics]\nfile = "topics.toml"\n[crawl]\nlimit = {limit}\n')
    return config


def inherited(environ: dict[str, str]) -> tuple[list[str], int]:
    """Return the topics and the limit that a child reads."""
    settings = load_settings(None, environ, {})
    return [topic.name for topic in load_topics(settings).topics], settings.crawl.limit


def test_a_crawl_works_by_what_the_service_read_until_it_reads_anew(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    handed_down = HandedDown(environ)
    config = write(tmp_path, topic="Banjir", limit=7)
    handed_down.keep(load_settings(config, {}, {}))

    write(tmp_path, topic="Rob", limit=8)
    assert inherited(environ) == (["Banjir"], 7)
    config.write_text("half a li")
    assert inherited(environ) == (["Banjir"], 7)
    config.unlink()
    assert inherited(environ) == (["Banjir"], 7)

    handed_down.keep(load_settings(write(tmp_path, topic="Rob", limit=8), {}, {}))
    assert inherited(environ) == (["Rob"], 8)


def test_what_was_set_beside_the_file_stays_set(tmp_path: Path) -> None:
    environ = {"TRIBUNWATCH_CRAWL_LIMIT": "9", "TRIBUNWATCH_ARCHIVE_PATH": "/srv/a.db", "HOME": "/"}

    HandedDown(environ).keep(load_settings(write(tmp_path, topic="Banjir", limit=7), environ, {}))

    assert inherited(environ) == (["Banjir"], 9)
    # Of the archive each crawl is told by itself; said twice it would be an error.
    assert "TRIBUNWATCH_ARCHIVE_PATH" not in environ


def test_without_a_file_of_settings_one_that_is_made_later_does_not_count(tmp_path: Path) -> None:
    environ: dict[str, str] = {}
    HandedDown(environ).keep(load_settings(None, {"TRIBUNWATCH_CONFIG": ""}, {}))

    usual = tmp_path / ".config/tribunwatch/config.toml"
    usual.parent.mkdir(parents=True)
    usual.write_text("[crawl]\nlimit = 3\n")

    assert load_settings(None, {**environ, "HOME": str(tmp_path)}, {}).crawl.limit == 1000


def test_copies_do_not_pile_up(tmp_path: Path) -> None:
    handed_down = HandedDown({})
    settings = load_settings(write(tmp_path, topic="Banjir", limit=7), {}, {})
    handed_down.keep(settings)
    handed_down.keep(settings)
    before = len(list(Path(f"/proc/{os.getpid()}/fd").iterdir()))

    for _ in range(5):
        handed_down.keep(settings)

    assert len(list(Path(f"/proc/{os.getpid()}/fd").iterdir())) == before


def test_a_file_that_vanished_meanwhile_is_told(tmp_path: Path) -> None:
    settings = load_settings(write(tmp_path, topic="Banjir", limit=7), {}, {})
    (tmp_path / "topics.toml").unlink()

    with pytest.raises(SettingsError, match=r"topics\.toml: cannot be read: .*; put it back"):
        HandedDown({}).keep(settings)
