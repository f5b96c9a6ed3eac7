"""`tribunwatch topic`: what is followed, tried, explained, added and removed, as a person types it."""

import json
import os
import shutil
from pathlib import Path
from typing import NamedTuple, Protocol

import pytest

from crawler.commands.door import run
from tests.home import ROOT, Home
from tribunwatch import front_door

SEEDS = ("010_kampung-rawa-lunto-setelah-banjir.txt", "001_dapur-mbg-lereng-merbabu.txt")
BANJIR = '[[topic]]\nname = "Banjir"\nkeywords = ["banjir"]\n'


class Done(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


class TypeIn(Protocol):
    def __call__(self, *arguments: str) -> Done: ...


@pytest.fixture(scope="module")
def archive_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an article about a flood, which the topic of its topics file finds, and another."""
    home = Home(tmp_path_factory.mktemp("filled"))
    write_topics(home.folder, BANJIR)
    done = home.run(
        *("--config", str(home.folder / "config.toml"), "--archive", str(home.folder / "filled.db")),
        *("import", *(str(ROOT / "seeds" / name) for name in SEEDS)),
    )
    assert done.returncode == 0, done.stderr
    return home.folder / "filled.db"


@pytest.fixture
def type_in(
    tmp_path: Path, archive_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> TypeIn:
    """Type a command, in this process, at a home with a copy of the archive and a topics file."""
    write_topics(tmp_path, BANJIR)
    shutil.copy(archive_file, tmp_path / "tribunwatch.db")
    for name in [name for name in os.environ if name.startswith(("TRIBUNWATCH_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))

    def type_in(*arguments: str) -> Done:
        everywhere = ("--config", str(tmp_path / "config.toml"), "--archive", str(tmp_path / "tribunwatch.db"))
        code = run(front_door, [*everywhere, "topic", *arguments])
        return Done(code, *capsys.readouterr())

    return type_in


def write_topics(folder: Path, text: str) -> None:
    """Write the topics file, and the settings that name it."""
    (folder / "topics.toml").write_text(text, encoding="utf-8")
    (folder / "config.toml").write_text(f'[topics]\nfile = "{folder}/topics.toml"\n', encoding="utf-8")


def states(type_in: TypeIn, *options: str) -> dict[str, tuple[str, str, int]]:
    """Return of each topic where it comes from, how far it was applied, and how many articles have it."""
    rows = json.loads(type_in("list", "--json", *options).out)
    return {row["name"]: (row["from"], row["state"], row["articles"]) for row in rows}


def test_a_topic_is_added_listed_shown_and_removed(type_in: TypeIn) -> None:
    added = type_in("add", "Dapur", "--query", "MBG OR ~dapur", "--title", "Dapur umum", "--mute", "recipes")

    assert (added.code, added.out) == (0, "following Dapur: 1 stored article with it\n")
    assert states(type_in) == {"Banjir": ("file", "applied", 1), "Dapur": ("archive", "applied", 1)}
    shown = type_in("show", "dapur").out
    assert "query     MBG OR ~dapur" in shown
    assert "mute      recipes" in shown
    listed = type_in("list").out
    assert "Dapur (Dapur umum)" in listed

    removed = type_in("remove", "DAPUR")

    assert (removed.code, removed.out) == (0, "removed Dapur and its 1 match\n")
    assert states(type_in, "--all") == {"Banjir": ("file", "applied", 1)}


def test_a_topic_of_the_file_is_refused_with_the_name_of_the_file(type_in: TypeIn, tmp_path: Path) -> None:
    for command in (("remove", "banjir"), ("add", "BANJIR", "--keyword", "rob")):
        done = type_in(*command)

        assert done.code == 2
        assert done.err == f'error: topic "Banjir" is in {tmp_path}/topics.toml; change it there\n'


def test_what_changes_in_the_file_waits_and_is_applied(type_in: TypeIn, tmp_path: Path) -> None:
    write_topics(tmp_path, '[[topic]]\nname = "Gizi"\nkeywords = ["MBG"]\n')

    assert states(type_in, "--all") == {"Gizi": ("file", "applied 0 %", 0), "Banjir": ("file", "ended", 1)}
    assert type_in("apply").out == "looked at 2 articles; 1 match changed\n"
    assert type_in("apply").out == "every topic is applied to all that is stored\n"
    assert states(type_in) == {"Gizi": ("file", "applied", 1)}

    write_topics(tmp_path, '[[topic]]\nname = "Banjir"\nkeywords = ["banjir"]\n')
    assert states(type_in)["Banjir"][2] == 1
    assert json.loads(type_in("apply", "--json").out) == {"articles": 2, "matches_changed": 0}


def test_how_a_query_is_read_and_why_it_finds_an_article_is_explained(type_in: TypeIn) -> None:
    reading = type_in("explain", "~dapur MBG").out
    why = type_in("explain", "banjir", "1").out
    why_not = type_in("explain", "Banjir", "2").out
    elsewhere = type_in("explain", "--host", "bali", "banjir", "1").out

    assert reading.splitlines()[0] == "all of:"
    assert "a word of the family dapur (" in reading
    assert "MBG in capitals" in reading
    assert why.splitlines()[1] == "found"
    assert "[banjir]" in why.casefold()
    assert why_not.splitlines()[1:] == ["not found", "no  banjir"]
    assert elsewhere.splitlines()[1] == "not found"
    assert elsewhere.splitlines()[-1].startswith("no  it is on ")


def test_what_a_query_would_find_is_shown_in_context(type_in: TypeIn) -> None:
    done = type_in("test", "banjir NOT zzz")
    found = json.loads(type_in("test", "Banjir", "--limit", "1", "--json").out)

    assert done.code == 0
    assert "[" in done.out
    assert done.err == "1 stored article\n"
    assert (found["number"], found["articles"][0]["places"][0]["words"].casefold()) == (1, "banjir")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("add", "X"), 'topic add: topic "X": keywords or query is missing'),
        (("add", "X", "--query", "(a"), 'topic add: topic "X": query, column 1: this bracket is never closed'),
        (("add", "", "--keyword", "a"), "topic add: this topic: name must be one line of 1 to 100 letters"),
        (
            ("add", "X", "--keyword", "a", "--host", "jabr"),
            "hosts: \"jabr\" is no site of the network; did you mean 'jabar'?",
        ),
        (("add", "X", "--keyword", "a", "--every", "5"), 'topic add: topic "X": every is "5"; write "auto"'),
        (("add", "X", "--keyword", "a", "--fetch", "no"), 'topic add: topic "X": fetch is "no"'),
        (("test", "a AND"), "topic test: query, column 3: AND needs a word"),
        (("test", "NOT a"), "topic test: query, column 1: nearly every article has this"),
        (("test",), "give the NAME of a topic, a QUERY, or --keyword"),
        (("test", "a", "--keyword", "b"), "give the NAME of a topic, a QUERY, or --keyword"),
        (("explain", "topic:x"), "topic explain: query, column 1: a topic cannot ask for topics"),
        (("explain", "banjir", "77"), "no article '77' in the archive"),
        (("remove", "Banjr"), "no topic 'Banjr' in the archive; did you mean 'Banjir'?"),
        (("show", "Banjr"), "no topic 'Banjr'; did you mean 'Banjir'?"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(type_in: TypeIn, command: tuple[str, ...], said: str) -> None:
    done = type_in(*command)

    assert done.code in {1, 2}
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


def test_before_there_is_an_archive_topics_are_listed_and_explained_all_the_same(
    type_in: TypeIn, tmp_path: Path
) -> None:
    (tmp_path / "tribunwatch.db").unlink()

    assert states(type_in)["Banjir"] == ("file", "applied 0 %", 0)
    assert type_in("explain", "Banjir").code == 0
    assert "there is no archive here" in type_in("test", "banjir").err
