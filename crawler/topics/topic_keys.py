"""One topic from its keys, as a table of the topics file or a command gives them; every mistake is one line."""

import json
import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from crawler.errors import QueryError, TopicsError
from crawler.nearest import nearest
from crawler.topics.query import parse_query
from crawler.topics.serial import SERIAL
from crawler.topics.topic import Topic, tree_of
from crawler.topics.words import split

MAX_NAME_LETTERS: Final = 100
# Longer than any headline; a keyword of thousands of words would be compared for seconds.
MAX_KEYWORD_WORDS: Final = 32
# More than anybody writes by hand for one thing.
MAX_KEYWORDS: Final = 1_000
MAX_LIST: Final = 50
_KEYS: Final = ("name", "title", "keywords", "query", "families", "sections", "hosts", "mute", "fetch", "every")
_NAME: Final = 'write name = "Banjir"'
_KEYWORDS: Final = 'write keywords = ["Putin", "Kim Jong Un"]'
_QUERY: Final = "write query = 'banjir AND (rob OR tanggul)'"
# What means something in a query, and would silently mean nothing in a keyword.
_OF_A_QUERY: Final = re.compile(
    r"(?:^|\s)(?:AND|OR|NOT|NEAR(?:/\d+)?)\s|(?:^|\s)~\w|\w\*(?:\s|$)"
    r"|(?:^|\s)(?:title|lead|text|tag|author|section|region|kind|topic|after|before):\S"
)
_SPAN: Final = re.compile(r"[1-9]\d{0,3}[mhd]")
_CRON_FIELD: Final = re.compile(r"[0-9A-Za-z*,/-]+")
_CRON_FIELDS: Final = 5
_EVERY: Final = 'write "auto", a time such as "15m", "2h" or "1d", or five fields of cron: "*/30 6-22 * * mon-fri"'


def topic_from(table: Mapping[str, Any], *, where: str | None, source: str) -> Topic:
    """Return the topic of a table.

    Args:
        table: Its keys and values; docs/topics.md explains them.
        where: What the messages call it as long as its name is not known to be good; None where nobody named it.
        source: What they call the file, or the command.

    Raises:
        TopicsError: A key is unknown, or a value is not usable.
    """
    return _Keys(table, where, source).topic()


class _Keys:
    """The keys of one topic, and where they stand."""

    def __init__(self, table: Mapping[str, Any], where: str | None, source: str) -> None:
        name = table.get("name")
        self._table = table
        is_named = isinstance(name, str) and name.strip()
        self._source = source if where is None else f"{source}: {f'topic {shown(name)}' if is_named else where}"

    def topic(self) -> Topic:
        """Return the topic."""
        for key in self._table:
            if key not in _KEYS:
                self._refuse(f"unknown key {shown(key)}{nearest(key, _KEYS)}; a topic has {', '.join(_KEYS)}")
        if "keywords" not in self._table and "query" not in self._table:
            self._name()
            self._refuse(f"keywords or query is missing; {_KEYWORDS}, or {_QUERY[6:]}")
        topic = Topic(
            name=self._name(),
            keywords=self._keywords(),
            query=self._text("query", _QUERY, most=None),
            title=self._text("title", 'write title = "Banjir di Jawa"', most=MAX_NAME_LETTERS),
            families=self._families(),
            sections=self._texts("sections", 'write sections = ["nasional", "regional"]'),
            hosts=self._texts("hosts", 'write hosts = ["www", "jateng"]'),
            mute=self._mutes(),
            fetch="all" if self._one_of("fetch", ("likely", "all")) == "all" else "likely",
            every=self._every(),
        )
        try:
            tree_of(topic)
        except QueryError as error:
            self._refuse_query("query", error)
        return topic

    def _name(self) -> str:
        name = self._table.get("name")
        if name is None:
            self._refuse(f"name is missing; {_NAME}")
        if not isinstance(name, str):
            self._refuse(f"name must be text, not {shown(name)}; {_NAME}")
        if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_LETTERS:
            self._refuse(f"name must be one line of 1 to {MAX_NAME_LETTERS} letters")
        return name.strip()

    def _keywords(self) -> tuple[str, ...]:
        """Return the keywords, each of which has at least one word."""
        if "keywords" not in self._table:
            return ()
        keywords = self._list("keywords", _KEYWORDS, most=MAX_KEYWORDS)
        if not keywords:
            self._refuse(f"keywords is empty, so nothing would ever match; {_KEYWORDS}")
        for keyword in keywords:
            words = split(keyword)
            if not words:
                self._refuse(f"keywords holds {shown(keyword)}, which has no letter or digit; write a word")
            if len(words) > MAX_KEYWORD_WORDS:
                mend = f"write at most {MAX_KEYWORD_WORDS}"
                self._refuse(f"keywords holds {shown(keyword)}, which has {len(words)} words; {mend}")
            if _OF_A_QUERY.search(keyword):
                self._refuse(f"keywords holds {shown(keyword)}; a keyword is plain words, so write it as query = …")
        return keywords

    def _families(self) -> bool:
        families = self._table.get("families", False)
        if not isinstance(families, bool):
            self._refuse(f"families must be true or false, not {shown(families)}; write families = true")
        return families

    def _mutes(self) -> tuple[str, ...]:
        """Return what is muted: each a name of a serial set, or a query that can be understood."""
        mutes = self._texts("mute", 'write mute = ["zodiac", "prices"]')
        for mute in mutes:
            if mute in SERIAL:
                continue
            if re.fullmatch(r"[\w-]+", mute):
                # A slip of the pen would mute a word in silence.
                mend = nearest(mute, SERIAL) or f"; there are {', '.join(SERIAL)}"
                self._refuse(f"mute holds {shown(mute)}, which is no set{mend}; a word of your own is title:{mute}")
            try:
                parse_query(mute, in_topic=True)
            except QueryError as error:
                self._refuse_query(f"mute {shown(mute)}", error)
        return mutes

    def _every(self) -> str:
        every = self._text("every", _EVERY, most=MAX_NAME_LETTERS) or "auto"
        fields = every.split()
        is_cron = len(fields) == _CRON_FIELDS and all(map(_CRON_FIELD.fullmatch, fields))
        if every != "auto" and not _SPAN.fullmatch(every) and not is_cron:
            self._refuse(f"every is {shown(every)}; {_EVERY}")
        return every

    def _text(self, key: str, mend: str, *, most: int | None) -> str | None:
        """Return one line of text; None where the key is not there."""
        text = self._table.get(key)
        if text is None:
            return None
        if not isinstance(text, str):
            self._refuse(f"{key} must be text, not {shown(text)}; {mend}")
        if not text.strip():
            self._refuse(f"{key} is empty; {mend}, or leave it out")
        if most is not None and (not text.isprintable() or len(text) > most):
            self._refuse(f"{key} must be one line of 1 to {most} letters")
        return text.strip() if most is not None else text

    def _texts(self, key: str, mend: str) -> tuple[str, ...]:
        """Return distinct texts of a list."""
        texts = self._list(key, mend, most=MAX_LIST)
        for text in texts:
            if not text.strip() or not text.isprintable():
                self._refuse(f"{key} holds {shown(text)}, which is empty or no line; {mend}")
        return tuple(dict.fromkeys(texts))

    def _list(self, key: str, mend: str, *, most: int) -> tuple[str, ...]:
        values = self._table.get(key, [])
        if not isinstance(values, list | tuple):
            self._refuse(f"{key} must be a list, not {shown(values)}; {mend}")
        if len(values) > most:
            self._refuse(f"{key} has {len(values)} entries; write at most {most}")
        for value in values:
            if not isinstance(value, str):
                self._refuse(f"{key} holds {shown(value)}, which is not text; put it in quotation marks")
        return tuple(value.strip() for value in values)

    def _one_of(self, key: str, words: tuple[str, ...]) -> str:
        word = self._table.get(key, words[0])
        if word not in words:
            mend = nearest(word, words) if isinstance(word, str) else ""
            self._refuse(f"{key} is {shown(word)}{mend}; write one of {', '.join(map(shown, words))}")
        return str(word)

    def _refuse_query(self, key: str, error: QueryError) -> NoReturn:
        column = "" if error.column is None else f", column {error.column}"
        mend = "" if error.mend is None else f"; did you mean: {error.mend}"
        raise TopicsError(f"{self._source}: {key}{column}: {error.reason}{mend}") from error

    def _refuse(self, reason: str) -> NoReturn:
        refuse(self._source, reason)


def shown(value: object) -> str:
    """Return a value on one line, cut when it is long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= MAX_NAME_LETTERS else f"{text[:MAX_NAME_LETTERS]}…"


def refuse(source: str, reason: str) -> NoReturn:
    """Refuse what stands in a file."""
    raise TopicsError(f"{source}: {reason}")
