"""What the documentation says is true: links lead somewhere, commands run, names are known."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from crawler.article import Article, article_as_json
from seeds.newsroom import Newsroom
from tests.home import ROOT, Home
from tribunwatch import front_door

PAGES = sorted(
    page
    for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("seeds/*.md"))
    if ".venv" not in page.parts
)
_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def commands(language: str) -> Iterator[tuple[str, str]]:
    """Yield page and command line for every `tribunwatch …` in the fenced blocks of a language."""
    for page in PAGES:
        for match in _FENCE.finditer(page.read_text()):
            if match[1] == language:
                for line in match[2].splitlines():
                    command = line.removeprefix("$ ").removeprefix(".venv/bin/")
                    if command.startswith("tribunwatch "):
                        yield page.name, command


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_that_are_there(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


@pytest.mark.parametrize(("page", "command"), [*commands("sh"), *commands("console")])
def test_documented_commands_are_understood(page: str, command: str) -> None:
    words = shlex.split(command, comments=True)[1:]

    group: click.Command = front_door
    context = click.Context(front_door, info_name="tribunwatch")
    while isinstance(group, click.Group):
        found = group.get_command(context, words.pop(0))
        assert found is not None, f"{page}: {command}"
        group = found
    parsed = group.make_context(
        group.name,
        [word for word in words if word != "page.html"] + ["page.html"] * ("page.html" in words),
        parent=context,
    )

    assert parsed.command is group


@pytest.mark.parametrize(("page", "command"), list(commands("console")))
def test_documented_examples_run_after_the_demo(page: str, command: str, demo_home: Home) -> None:
    with Newsroom() as newsroom:
        (demo_home.folder / "page.html").write_bytes(newsroom.page("000_d3675def684afb29"))
    into = ("--archive", "mine.db") if " import " in command else ()

    done = demo_home.run(*shlex.split(command, comments=True)[1:], *into)

    assert done.returncode == 0, f"{page}: {command}: {done.stderr}"
    assert done.stdout


def test_the_readme_shows_what_the_demo_finds(demo_home: Home) -> None:
    shown = re.search(r"```console\n\$ tribunwatch query putin\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)

    done = demo_home.run("query", "putin")

    assert shown is not None
    # The page leaves the snippets out; the numbers of articles follow the order in which hosts answered.
    width = done.stdout.splitlines()[0].index("snippet")
    assert [line.split()[:-1] for line in shown[1].splitlines()] == [
        line[:width].split()[:-1] for line in done.stdout.splitlines()
    ]


def test_every_key_of_an_article_is_explained() -> None:
    explained = set(re.findall(r"`(\w+)`", (ROOT / "docs/article.md").read_text()))

    assert set(article_as_json(Article(title=""))) <= explained


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = (
        project["project"]["dependencies"] + project["dependency-groups"]["dev"] + project["build-system"]["requires"]
    )
    reasons = (ROOT / "docs/dependencies.md").read_text()

    assert [each for each in declared if re.match(r"[\w-]+", each)[0] not in reasons] == []  # type: ignore[index]


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for page in PAGES for name in re.findall(r"`make (\w+)", page.read_text())}

    assert named <= targets


def test_nothing_is_promised_of_a_machine_or_a_mirror() -> None:
    lock = (ROOT / "requirements-dev.lock").read_text()

    assert "://" not in lock
