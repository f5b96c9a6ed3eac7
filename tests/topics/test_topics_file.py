"""The topics file, and the line that tells what to mend in it."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import TopicsError
from crawler.topics import Topic, TopicSet, parse_topics

GOOD = '[[topic]]\nname = "Banjir"\nkeywords = ["banjir", "BPBD"]\n'


def test_topics_are_read_in_the_order_of_the_file() -> None:
    text = GOOD + '[[topic]]\nname = " Konflik Rusia "\nkeywords = [" Putin "]\n'

    topics = parse_topics(text, source="topics.toml")

    assert topics == (Topic("Banjir", ("banjir", "BPBD")), Topic("Konflik Rusia", ("Putin",)))


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "topic = []\n"])
def test_a_file_without_topics_is_no_mistake(text: str) -> None:
    assert parse_topics(text, source="topics.toml") == ()


def test_a_byte_order_mark_at_the_start_is_passed_over() -> None:
    assert parse_topics("\ufeff" + GOOD, source="topics.toml") == (Topic("Banjir", ("banjir", "BPBD")),)


TOPIC = '[[topic]]\nname = "A"\n'
WORDS = TOPIC + 'keywords = ["banjir"]\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[topic]]\nname = \n", "t.toml: not valid TOML: Invalid value (at line 2, column 8)"),
        ("a = " + "[" * 5000, "t.toml: not usable TOML: nested too deeply"),
        ("[[topics]]\n", "t.toml: unknown key \"topics\"; did you mean 'topic'?"),
        ("[topic]\nname = 'A'\n", "t.toml: topic is not a list of tables; begin each topic with [[topic]]"),
        ("topic = [1]\n", "t.toml: topic is not a list of tables"),
        (TOPIC + 'keyword = ["x"]\n', 't.toml: topic "A": unknown key "keyword"; did you mean \'keywords\'?'),
        (
            TOPIC + 'query = "(a OR b"\n',
            't.toml: topic "A": query, column 1: this bracket is never closed; did you mean:',
        ),
        (TOPIC + 'query = "-banjir"\n', 't.toml: topic "A": query, column 1: nearly every article has this'),
        (TOPIC + 'query = "topic:banjir"\n', 't.toml: topic "A": query, column 1: a topic cannot ask for topics'),
        (TOPIC + "query = 5\n", 't.toml: topic "A": query must be text, not 5; write query ='),
        (TOPIC + 'query = ""\n', 't.toml: topic "A": query is empty; write query ='),
        (TOPIC, 't.toml: topic "A": keywords or query is missing; write keywords = ["Putin", "Kim Jong Un"], or query'),
        (TOPIC + 'keywords = ["~serang"]\n', 't.toml: topic "A": keywords holds "~serang"; a keyword is plain words'),
        (TOPIC + 'keywords = ["bank*"]\n', "a keyword is plain words, so write it as query = …"),
        (TOPIC + 'keywords = ["banjir OR rob"]\n', "a keyword is plain words, so write it as query = …"),
        (TOPIC + 'keywords = ["title:banjir"]\n', "a keyword is plain words, so write it as query = …"),
        (WORDS + "families = 1\n", 't.toml: topic "A": families must be true or false, not 1; write families = true'),
        (WORDS + 'sections = "bisnis"\n', 't.toml: topic "A": sections must be a list, not "bisnis"; write sections ='),
        (WORDS + 'hosts = [""]\n', 't.toml: topic "A": hosts holds "", which is empty or no line; write hosts ='),
        (
            WORDS + 'mute = ["zodiak"]\n',
            't.toml: topic "A": mute holds "zodiak", which is no set; did you mean \'zodiac\'?',
        ),
        (WORDS + 'mute = ["x1"]\n', "which is no set; there are zodiac, prices, answer-keys"),
        (WORDS + 'mute = ["title:(a"]\n', 't.toml: topic "A": mute "title:(a", column 7: this bracket is never closed'),
        (
            WORDS + 'fetch = "al"\n',
            't.toml: topic "A": fetch is "al"; did you mean \'all\'?; write one of "likely", "all"',
        ),
        (
            WORDS + 'every = "15 minutes"\n',
            't.toml: topic "A": every is "15 minutes"; write "auto", a time such as "15m"',
        ),
        (WORDS + "title = ''\n", 't.toml: topic "A": title is empty; write title = "Banjir di Jawa", or leave it out'),
        (TOPIC + "keywords = []\n", 't.toml: topic "A": keywords is empty, so nothing would ever match'),
        (TOPIC + 'keywords = "banjir"\n', 't.toml: topic "A": keywords must be a list, not "banjir"'),
        (TOPIC + "keywords = [5]\n", 't.toml: topic "A": keywords holds 5, which is not text'),
        (TOPIC + 'keywords = ["x", "%"]\n', 't.toml: topic "A": keywords holds "%", which has no letter or digit'),
        (TOPIC + 'keywords = [""]\n', 't.toml: topic "A": keywords holds "", which has no letter or digit'),
        ('[[topic]]\nkeywords = ["x"]\n', 't.toml: topic 1: name is missing; write name = "Banjir"'),
        (GOOD + "[[topic]]\nname = 3\n", "t.toml: topic 2: name must be text, not 3"),
        ('[[topic]]\nname = " "\n', "t.toml: topic 1: name must be one line of 1 to 100 letters"),
        ('[[topic]]\nname = "a\\nb"\n', "name must be one line of 1 to 100 letters"),
        (f'[[topic]]\nname = "{"a" * 101}"\n', "name must be one line of 1 to 100 letters"),
        (GOOD + '[[topic]]\nname = "BANJIR "\nkeywords = ["x"]\n', 'topic 2: name "BANJIR" is taken by topic 1'),
        (TOPIC + f'keywords = ["{"a " * 33}"]\n', "which has 33 words; write at most 32"),
        (TOPIC + f'keywords = ["{"%" * 500}"]\n', "…, which has no letter or digit"),
    ],
)
def test_what_is_wrong_is_told_in_one_line_that_names_the_place_and_the_mend(text: str, said: str) -> None:
    with pytest.raises(TopicsError) as caught:
        parse_topics(text, source="t.toml")

    assert said in str(caught.value)
    assert str(caught.value).startswith("t.toml: ")
    assert len(str(caught.value).splitlines()) == 1
    assert len(str(caught.value)) < 400


VALUES = st.one_of(
    st.text(max_size=5).map(lambda text: f"'{text}'"),
    st.sampled_from(['""', '"x"', "[]", '["x"]', "[1]", "1", "true", "{}", "[[1]]", '["%"]', "2026-01-01", "nan"]),
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["name", "keywords", "query", "nama", "a.b", '"\\n"']), VALUES), max_size=4))
def test_any_file_is_topics_or_told_to_be_wrong(lines: list[tuple[str, str]]) -> None:
    text = "[[topic]]\n" + "".join(f"{key} = {value}\n" for key, value in lines)

    try:
        topics = parse_topics(text, source="t.toml")
    except TopicsError as error:
        assert len(str(error).splitlines()) == 1  # noqa: PT017  - either outcome is right
    else:
        assert TopicSet(topics).topics == topics


def test_the_examples_that_come_with_the_program_are_topics() -> None:
    path = Path(__file__).parents[2] / "config" / "topics.toml"

    topics = parse_topics(path.read_text(encoding="utf-8"), source=str(path))

    assert [topic.name for topic in topics] == ["Konflik Rusia Vs Ukraina", "Banjir", "Makan Bergizi Gratis"]
    assert {"Putin", "Kim Jong Un", "Ukraina"} <= set(topics[0].keywords)
    assert set(tomllib.loads(path.read_text(encoding="utf-8"))) == {"topic"}
