"""The topics file: where it is, and its topics; and a topic as options of the command line give it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.commands.files import load_file
from crawler.errors import SettingsError, TopicsError
from crawler.site import hosts_named
from crawler.topics import Topic, TopicSet, parse_topics, topic_from
from scheduler.when import parse_when

if TYPE_CHECKING:
    from config.settings import Settings
    from crawler.archive.connect import Archive


def load_topics(settings: "Settings") -> TopicSet:
    """Return the topics that people follow; raises TopicsError, ScheduleError or InputFileError."""
    path = Path(settings.topics_path)
    try:
        text = load_file(str(path)).decode("utf-8")
    except UnicodeDecodeError as error:
        raise TopicsError(f"topics file {path}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
    return TopicSet(_with_hosts(topic, str(path)) for topic in parse_topics(text, source=str(path)))


def follow_in(archive: "Archive", topics: TopicSet) -> TopicSet:
    """Follow the topics of the file in the archive, and return them together with those that were added to it."""
    from crawler.archive.following import follow_topics

    return follow_topics(archive, topics.topics, now=datetime.now(UTC))


def topic_of_options(options: Mapping[str, Any], *, command: str, is_named: bool = True) -> Topic:
    """Return the topic that options of a command describe; those that were not given are left out."""
    given = {key: value for key, value in options.items() if value not in (None, (), False)}
    return _with_hosts(topic_from(given, where="this topic" if is_named else None, source=command), command)


def _with_hosts(topic: Topic, source: str) -> Topic:
    """Return the topic with the whole names of its hosts; its plan is one that can be read."""
    try:
        hosts = tuple(dict.fromkeys(host for name in topic.hosts for host in hosts_named(name, key="hosts")))
    except SettingsError as error:
        raise TopicsError(f'{source}: topic "{topic.name}": {error}') from error
    parse_when(topic.every, where=f'{source}: topic "{topic.name}": every')
    return replace(topic, hosts=hosts) if hosts else topic
