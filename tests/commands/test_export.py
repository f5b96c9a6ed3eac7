"""`tribunwatch export`: all that a query finds, in every format; one line for everything that cannot be."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.exports import ARTICLE_COLUMNS, FORMATS
from tests.exports.reading_back import read_back
from tests.home import Home


def exported(home: Home, folder: Path, form: str, *arguments: str) -> list[dict[str, Any]]:
    file = folder / f"x.{form}"
    done = home.run("export", *arguments, str(file))
    assert done.returncode == 0, done.stderr
    return read_back(file, form, ARTICLE_COLUMNS)


def test_all_formats_hold_the_same_rows_which_are_those_of_the_query(demo_home: Home, tmp_path: Path) -> None:
    found = json.loads(demo_home.run("query", "--limit", "1000", "--json").stdout)["found"]

    rows = {form: exported(demo_home, tmp_path, form) for form in FORMATS}

    assert [row["id"] for row in rows["csv"]] == [each["id"] for each in found]
    assert [row["published_at"] and row["published_at"].isoformat() for row in rows["csv"]] == [
        each["published_at"] for each in found
    ]
    assert len(found) > 20
    assert all(each == rows["csv"] for each in rows.values())


def test_a_query_and_its_options_choose_the_rows(demo_home: Home, tmp_path: Path) -> None:
    found = json.loads(demo_home.run("query", "putin", "--since", "2023-01-01", "--json").stdout)["found"]

    rows = exported(demo_home, tmp_path, "jsonl", "putin", "--since", "2023-01-01")

    assert [row["id"] for row in rows] == [each["id"] for each in found] != []
    assert all("putin" in f"{row['title']} {row['text']} {row['tags']}".lower() for row in rows)


def test_what_was_written_is_told_for_people_and_programs(demo_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "tanpa akhiran"

    told = demo_home.run("export", "putin", str(file), "--format", "csv")
    as_json = json.loads(demo_home.run("export", "putin", str(file), "--format", "csv", "--json").stdout)

    assert told.returncode == 0
    assert f"articles, 0.0 MB: {file}" in told.stdout
    assert as_json == {"file": str(file), "format": "csv", "rows": as_json["rows"], "bytes": file.stat().st_size}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["x.doc"], 2, "the ending of 'x.doc' is no format; say --format csv|json"),
        (["x.csv.gz"], 2, "is no format"),
        ([], 2, "Missing argument 'FILE'"),
        (["missing/x.csv"], 2, "there is no folder"),
        (["--format", "csv", "."], 2, "is a directory"),
        (["putin", "x.warc"], 2, "pages are chosen by --since, --until and --host"),
        (["--topic", "Perang", "x.csv"], 1, "no topic 'Perang' in the archive"),
        (["--archive", "none.db", "x.csv"], 1, "there is no archive here"),
    ],
)
def test_what_cannot_be_exported_is_one_line_and_no_file(
    arguments: list[str], code: int, said: str, demo_home: Home
) -> None:
    before = set(demo_home.folder.iterdir())

    done = demo_home.run("export", *arguments)

    assert done.returncode == code
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 2
    assert {each for each in demo_home.folder.iterdir() if each.name != "page.html"} <= before


def test_no_room_is_one_line_and_the_old_file_stays(demo_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_text("old")

    done = demo_home.shell(f"ulimit -f 40; {sys.executable} -m tribunwatch export {file}")

    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [f"error: {file}: File too large; nothing was changed under this name"]
    assert [each.name for each in tmp_path.iterdir()] == ["x.csv"]
    assert file.read_text() == "old"
