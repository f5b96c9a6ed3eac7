"""The topics file: TOML text to topics, or one line that says what to mend."""

import tomllib
from collections.abc import Mapping
from typing import Any

from crawler.errors import TopicsError
from crawler.nearest import nearest
from crawler.topics.topic import Topic
from crawler.topics.topic_keys import refuse, shown, topic_from


def parse_topics(text: str, *, source: str) -> tuple[Topic, ...]:
    """Return the topics of a topics file in its order.

    Args:
        text: The TOML text, tables `[[topic]]`; docs/topics.md explains their keys.
        source: What the messages call the file: its path.

    Raises:
        TopicsError: The text is not TOML, or a topic is not usable; one line with file, topic, key and mend.
    """
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        values = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise TopicsError(f"{source}: not valid TOML: {error}; mend it there") from error
    except RecursionError as error:
        raise TopicsError(f"{source}: not usable TOML: nested too deeply; write [[topic]] tables") from error
    for key in values:
        if key != "topic":
            refuse(source, f"unknown key {shown(key)}{nearest(key, ('topic',))}; topics are [[topic]] tables")
    tables = values.get("topic", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        refuse(source, "topic is not a list of tables; begin each topic with [[topic]], in double brackets")
    return _distinct(tables, source)


def _distinct(tables: list[Mapping[str, Any]], source: str) -> tuple[Topic, ...]:
    topics = []
    numbers: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        topic = topic_from(table, where=f"topic {number}", source=source)
        folded = " ".join(topic.name.casefold().split())
        if folded in numbers:
            first = numbers[folded]
            refuse(source, f"topic {number}: name {shown(topic.name)} is taken by topic {first}; choose another")
        numbers[folded] = number
        topics.append(topic)
    return tuple(topics)
