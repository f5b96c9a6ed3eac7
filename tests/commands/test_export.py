"""`tribunwatch export`: all that a query finds, in every format; one line for everything that cannot be."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from crawler.exports import ARTICLE_COLUMNS, FORMATS, FOUND_COLUMNS, Column
from tests.commands.conftest import Type
from tests.exports.reading_back import read_back
from tests.home import Home


def exported(type_at: Type, home: Home, folder: Path, form: str, *arguments: str) -> list[dict[str, Any]]:
    file = folder / f"x.{form}"
    done = type_at(home, "export", *arguments, str(file))
    assert done.returncode == 0, done.stderr
    return read_back(file, form, ARTICLE_COLUMNS)


def test_all_formats_hold_the_same_rows_which_are_those_of_the_query(
    type_at: Type, demo_home: Home, tmp_path: Path
) -> None:
    found = json.loads(type_at(demo_home, "query", "--limit", "1000", "--json").stdout)["found"]

    rows = {form: exported(type_at, demo_home, tmp_path, form) for form in FORMATS}

    assert [row["id"] for row in rows["csv"]] == [each["id"] for each in found]
    assert [row["published_at"] and row["published_at"].isoformat() for row in rows["csv"]] == [
        each["published_at"] for each in found
    ]
    assert len(found) > 20
    assert all(each == rows["csv"] for each in rows.values())


def test_a_query_and_its_options_choose_the_rows(type_at: Type, demo_home: Home, tmp_path: Path) -> None:
    found = json.loads(type_at(demo_home, "query", "putin", "--since", "2023-01-01", "--json").stdout)["found"]

    rows = exported(type_at, demo_home, tmp_path, "jsonl", "putin", "--since", "2023-01-01")

    assert [row["id"] for row in rows] == [each["id"] for each in found] != []
    assert all("putin" in f"{row['title']} {row['text']} {row['tags']}".lower() for row in rows)


def test_what_was_written_is_told_for_people_and_programs(type_at: Type, demo_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "tanpa akhiran"

    told = type_at(demo_home, "export", "putin", str(file), "--format", "csv")
    as_json = json.loads(type_at(demo_home, "export", "putin", str(file), "--format", "csv", "--json").stdout)

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
    type_at: Type, arguments: list[str], code: int, said: str, demo_home: Home
) -> None:
    before = set(demo_home.folder.iterdir())

    done = type_at(demo_home, "export", *arguments)

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


def test_what_a_query_shows_goes_into_a_file_of_any_format(type_at: Type, demo_home: Home, tmp_path: Path) -> None:
    found = json.loads(type_at(demo_home, "query", "putin", "--limit", "2", "--json").stdout)["found"]
    rows = {}
    for form in ("csv", "json", "parquet"):
        done = type_at(demo_home, "query", "putin", "--limit", "2", "--output", str(tmp_path / f"x.{form}"))
        assert done.returncode == 0, done.stderr
        rows[form] = read_back(tmp_path / f"x.{form}", form, FOUND_COLUMNS)

    assert [(row["id"], row["snippet"], list(row["topics"])) for row in rows["csv"]] == [
        (each["id"], each["snippet"], each["topics"]) for each in found
    ]
    assert rows["csv"] == rows["json"] == rows["parquet"]
    assert "2 rows, 0.0 MB" in done.stdout


def test_counts_go_into_a_file(type_at: Type, demo_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "per-region.xlsx"
    counted = json.loads(type_at(demo_home, "query", "--count-by", "region", "--json").stdout)

    done = type_at(demo_home, "query", "--count-by", "region", "--output", str(file), "--json")

    assert json.loads(done.stdout) == {
        "file": str(file), "format": "xlsx", "rows": len(counted), "bytes": file.stat().st_size
    }  # fmt: skip
    assert read_back(file, "xlsx", (Column("region", may_lack=True), Column("articles", "whole"))) == counted


def test_csv_on_stdout_is_written_by_the_same_rules(type_at: Type, demo_home: Home) -> None:
    done = type_at(demo_home, "query", "putin", "--format", "csv")

    assert done.stdout.splitlines()[0] == ",".join(column.name for column in FOUND_COLUMNS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "xlsx"], "xlsx goes into a file; add --output FILE"),
        (["--output", "x.pdf"], "the ending of 'x.pdf' is no format; say --format csv|json|jsonl|xlsx|parquet"),
        (["--output", "x.warc"], "is no format"),
        (["--output", ".local/share/tribunwatch/demo.db", "--format", "csv"], "is the archive itself"),
    ],
)
def test_a_query_that_cannot_be_written_is_told(
    type_at: Type, arguments: list[str], said: str, demo_home: Home
) -> None:
    done = type_at(demo_home, "query", "putin", *arguments)

    assert done.returncode == 2
    assert said in done.stderr.splitlines()[-1]
    assert type_at(demo_home, "query", "putin").returncode == 0
