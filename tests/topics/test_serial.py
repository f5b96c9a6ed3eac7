"""What may be muted by name: each name mutes what the documentation says, and nothing that is news."""

import re
import tomllib
from pathlib import Path

import pytest

from crawler.article import Article
from crawler.topics import Topic, TopicSet, parse_query, parse_topics, subject_of
from crawler.topics.evaluate import holds
from crawler.topics.serial import SERIAL

PAGE = (Path(__file__).parents[2] / "docs" / "topics.md").read_text(encoding="utf-8")
EXAMPLES = {
    name: titles.split(" · ") for name, titles in re.findall(r"^\| `([a-z-]+)` \| ([A-Z0-9].*) \|$", PAGE, re.MULTILINE)
}
NEWS = (
    "Harga Diri Bangsa Dipertaruhkan, Kata Presiden",
    "Jadwal Sidang Korupsi Ditunda Hakim",
    "Polisi Bongkar Penipuan Bermodus Doa",
    "Banjir Rob Rendam Demak, Cuaca Masih Buruk",
    "Kunci Kemenangan Timnas U-23",
    "Ucapan Presiden Disorot",
)


def mutes(name: str, title: str) -> bool:
    return holds(parse_query(SERIAL[name], in_topic=True).tree, subject_of(Article(title=title)))


def test_every_name_is_explained_with_examples() -> None:
    assert EXAMPLES.keys() == SERIAL.keys()


@pytest.mark.parametrize("name", SERIAL)
def test_what_is_muted_by_name_is_what_the_documentation_says(name: str) -> None:
    assert [title for title in EXAMPLES[name] if not mutes(name, title)] == []
    assert [title for title in NEWS if mutes(name, title)] == []


def test_a_topic_never_has_what_it_mutes() -> None:
    topics = TopicSet([Topic("Emas", ("emas",), mute=("prices", "title:lomba"))])

    titles = ("Harga Emas Antam Hari Ini", "Lomba Emas", "Emas Curian Ditemukan")

    assert [bool(topics.match(Article(title=title))) for title in titles] == [False, False, True]


def test_the_examples_of_the_documentation_are_topics() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)

    assert [len(parse_topics(block, source="docs/topics.md")) for block in blocks] == [2]
    assert all(tomllib.loads(block) for block in blocks)
