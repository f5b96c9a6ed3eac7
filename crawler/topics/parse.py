"""The topics file: TOML text to topics, or one line that says what to mend."""

import json
import tomllib
from collections.abc import Mapping
from typing import Any, NoReturn

from crawler.errors import TopicsError
from crawler.nearest import nearest
from crawler.topics.term import parse_term
from crawler.topics.topic import Topic

MAX_NAME_LETTERS = 100
# Longer than any headline; a keyword of thousands of words would be compared for seconds.
MAX_KEYWORD_WORDS = 32
_TOPIC_KEYS = ("name", "keywords")
_EXAMPLE = 'keywords = ["Putin", "Kim Jong Un"]'


def parse_topics(text: str, *, source: str) -> tuple[Topic, ...]:
    """Return the topics of a topics file in its order.

    Args:
        text: The TOML text, tables `[[topic]]` with `name` and `keywords`.
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
            _refuse(source, f"unknown key {_shown(key)}{nearest(key, ('topic',))}; topics are [[topic]] tables")
    tables = values.get("topic", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        _refuse(source, "topic is not a list of tables; begin each topic with [[topic]], in double brackets")
    topics = []
    numbers: dict[str, int] = {}
    for number, table in enumerate(tables, start=1):
        topic = _read_topic(table, number=number, source=source)
        folded = " ".join(topic.name.casefold().split())
        if folded in numbers:
            first = numbers[folded]
            _refuse(source, f"topic {number}: name {_shown(topic.name)} is taken by topic {first}; choose another")
        numbers[folded] = number
        topics.append(topic)
    return tuple(topics)


def _read_topic(table: Mapping[str, Any], *, number: int, source: str) -> Topic:
    """Return the topic of one table; `number` names it as long as its name is not known to be good."""
    name = table.get("name")
    where = f"topic {number}" if not isinstance(name, str) or not name.strip() else f"topic {_shown(name)}"
    for key in table:
        if key == "query":
            _refuse(source, f"{where}: query topics are not supported yet; use keywords, such as {_EXAMPLE}")
        if key not in _TOPIC_KEYS:
            known = f"a topic has {' and '.join(_TOPIC_KEYS)}"
            _refuse(source, f"{where}: unknown key {_shown(key)}{nearest(key, _TOPIC_KEYS)}; {known}")
    if name is None:
        _refuse(source, f'{where}: name is missing; write name = "Banjir"')
    if not isinstance(name, str):
        _refuse(source, f'{where}: name must be text, not {_shown(name)}; write name = "Banjir"')
    if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_LETTERS:
        _refuse(source, f"{where}: name must be one line of 1 to {MAX_NAME_LETTERS} letters")
    return Topic(name=name.strip(), keywords=_read_keywords(table.get("keywords"), where=where, source=source))


def _read_keywords(keywords: object, *, where: str, source: str) -> tuple[str, ...]:
    """Return the keywords, each of which has at least one word."""
    if keywords is None:
        _refuse(source, f"{where}: keywords is missing; write {_EXAMPLE}")
    if not isinstance(keywords, list):
        _refuse(source, f"{where}: keywords must be a list, not {_shown(keywords)}; write {_EXAMPLE}")
    if not keywords:
        _refuse(source, f"{where}: keywords is empty, so nothing would ever match; write {_EXAMPLE}")
    for keyword in keywords:
        if not isinstance(keyword, str):
            _refuse(source, f"{where}: keywords holds {_shown(keyword)}, which is not text; put it in quotation marks")
        term = parse_term(keyword)
        if term is None:
            _refuse(source, f"{where}: keywords holds {_shown(keyword)}, which has no letter or digit; write a word")
        if len(term.words) > MAX_KEYWORD_WORDS:
            mend = f"write at most {MAX_KEYWORD_WORDS}"
            _refuse(source, f"{where}: keywords holds {_shown(keyword)}, which has {len(term.words)} words; {mend}")
    return tuple(keyword.strip() for keyword in keywords)


def _shown(value: object) -> str:
    """Return a value of the file on one line, cut when it is long."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(letter if letter.isprintable() else " " for letter in shown)
    return shown if len(shown) <= MAX_NAME_LETTERS else f"{shown[:MAX_NAME_LETTERS]}…"


def _refuse(source: str, reason: str) -> NoReturn:
    raise TopicsError(f"{source}: {reason}")
