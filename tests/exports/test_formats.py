"""What is exported can be read back to the same rows, cell by cell, in every format; and runs in no spreadsheet."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import MissingPackageError
from crawler.exports import ARTICLE_COLUMNS, FORMATS, Column, write_rows
from crawler.exports.columns import defused
from tests.exports.reading_back import entries, original, read_back
from tests.home import ROOT, Home

WIB = timezone(timedelta(hours=7))
COLUMNS = (
    Column("title"), Column("lead", may_lack=True), Column("id", "whole"), Column("is_complete", "flag"),
    Column("published_at", "moment", may_lack=True), Column("topics", "list"),
)  # fmt: skip
ROW = {
    "title": "Banjir", "lead": None, "id": 1, "is_complete": True,
    "published_at": datetime(2026, 7, 24, 8, 1, tzinfo=WIB), "topics": ["Banjir", "Demak"],
}  # fmt: skip
HARD = (
    "=1+1", "+62 812", "-5 derajat", "@akun", "\t=x", "\r=x", "'=1", "''=1", "'kutip", '"=1"', " =1",
    "a;=cmd|' /C'!A0", "a\n- b\r\n+ c\n\n'- d", "a; '\"=x", "\uff1d1", ";", "\\;", "; ", "a\\",
    'kata "dia",\nbaris', "اللّٰهُمَّ صَلِّ", "👩\u200d👩\u200d👧 😀", "\x01\x07\x1b[2J\x7f\x85", "_x0041_ _x005F_",
    "<r>tebal</r>", "<r>\x07\ufffe</r>", "<b>&amp;</b>", "\u2028\u2029\ufeff\ufffe\uffff", " tepi ",
    "x" * 32_767, "x" * 32_768,
    "😀" * 40_000, "_x0001_" * 10_000, "\n" * 400, "NaN", "null", "true", "1e5", "007", "2026-07-24", "{=1}",
    "http://example.org/" + "a" * 3000, "mailto:a@example.org", "[x](y)",
)  # fmt: skip
# As the archive holds it: no NUL, no lone surrogates.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60) | st.sampled_from(
    HARD[:-1]
)
MOMENTS = st.datetimes(
    datetime(1900, 1, 2), datetime(2200, 1, 1),  # noqa: DTZ001  - the zone is given beside it
    timezones=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
).map(lambda moment: moment.replace(microsecond=0))  # fmt: skip
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "title": TEXTS,
            "lead": st.none() | TEXTS.filter(bool),
            "id": st.integers(0, 2**53),
            "is_complete": st.booleans(),
            "published_at": st.none() | MOMENTS,
            "topics": st.lists(TEXTS.filter(bool), max_size=3),
        }
    ),
    max_size=3,
)


def with_offsets(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows with moments that are only equal where their offsets are."""
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
        for row in rows
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_hard_texts_come_back_letter_by_letter(form: str, tmp_path: Path) -> None:
    rows = [{**ROW, "title": text, "lead": text or None, "topics": [text, "x", text]} for text in HARD]

    done = write_rows(tmp_path / "x", form, COLUMNS, rows)

    assert read_back(tmp_path / "x", form, COLUMNS) == rows
    assert (done.rows, done.bytes) == (len(HARD), (tmp_path / "x").stat().st_size)


@pytest.mark.parametrize("form", FORMATS)
@settings(deadline=None, max_examples=60)
@given(rows=ROWS)
def test_any_rows_come_back_cell_by_cell(form: str, tmp_path_factory: pytest.TempPathFactory, rows: Any) -> None:
    file = tmp_path_factory.getbasetemp() / f"any.{form}"

    write_rows(file, form, COLUMNS, rows)

    assert with_offsets(read_back(file, form, COLUMNS)) == with_offsets(rows)


@settings(deadline=None, max_examples=1_500)
@given(st.text(st.sampled_from("=+-@;'\"\t\r\n a\\\uff1d")))
def test_what_was_defused_has_a_way_back(text: str) -> None:
    assert original(defused(text)) == text


@settings(deadline=None, max_examples=500)
@given(st.text(st.sampled_from("=+-@;'\"\t\r\n ,a\uff1d"), max_size=30))
def test_no_cell_begins_a_formula_wherever_a_spreadsheet_sees_its_borders(text: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerow(["x", defused(text), "x"])

    for delimiter, signs in ((",", r"[=+\-@\uff1d\t\r\n]"), (";", r"[=+\-@\uff1d]"), ("\t", r"[=+\-@\uff1d]")):
        lines = csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=delimiter)
        assert [cell for line in lines for cell in line if re.match(rf'[" ]*{signs}', cell)] == []


def test_a_semicolon_or_backslash_in_an_entry_does_not_part_it() -> None:
    assert entries("a\\; b; c\\\\; d") == ["a; b", "c\\", "d"]


def test_a_spreadsheet_finds_text_and_dates_and_nothing_that_runs(tmp_path: Path) -> None:
    file = tmp_path / "x.xlsx"
    write_rows(file, "xlsx", COLUMNS, [{**ROW, "title": text} for text in HARD])

    with zipfile.ZipFile(file) as parts:
        assert not [name for name in parts.namelist() if "rels" in name and b"hyperlink" in parts.read(name)]
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
    sheet = openpyxl.load_workbook(file)["articles"]
    assert sheet.freeze_panes == "A2"
    assert sheet["G1"].value == "published_at_wib"
    assert sheet["G2"].value == datetime(2026, 7, 24, 8, 1)  # noqa: DTZ001  - a date of Excel has no zone


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.exports.excel._MOST_ROWS", 4)
    rows = [{**ROW, "id": number, "title": "x" * 33_000} for number in range(7)]

    write_rows(tmp_path / "x.xlsx", "xlsx", COLUMNS, rows)

    assert read_back(tmp_path / "x.xlsx", "xlsx", COLUMNS) == rows


def test_moments_that_no_spreadsheet_knows_are_there_as_text(tmp_path: Path) -> None:
    rows = [{**ROW, "published_at": datetime(year, 12, 31, 23, 59, tzinfo=zone)} for year in (1, 1899, 9999)
            for zone in (UTC, WIB)]  # fmt: skip

    for form in ("xlsx", "csv"):
        write_rows(tmp_path / "x", form, COLUMNS, rows)

        assert with_offsets(read_back(tmp_path / "x", form, COLUMNS)) == with_offsets(rows)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_found_is_a_file_without_rows(form: str, tmp_path: Path) -> None:
    write_rows(tmp_path / "x", form, ARTICLE_COLUMNS, [])

    assert read_back(tmp_path / "x", form, ARTICLE_COLUMNS) == []


@pytest.mark.parametrize(("form", "package"), [("xlsx", "xlsxwriter"), ("parquet", "pyarrow")])
def test_a_missing_package_is_told_with_what_to_install(
    form: str, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingPackageError, match=rf"{package}; run: pip install 'tribunwatch\[{form}\]'"):
        write_rows(tmp_path / "x", form, COLUMNS, [ROW])

    assert list(tmp_path.iterdir()) == []


# Prints how much memory the second, greater export needed beyond the first; 20 kB of text a row.
GROWTH = """
import resource, sys
from pathlib import Path
from crawler.exports import Column, write_rows

def used():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def rows(count):
    for number in range(count):
        yield {"id": number, "text": f"{number} " * 3000}

form, folder = sys.argv[1:]
columns = (Column("id", "whole"), Column("text"))
write_rows(Path(folder, "a"), form, columns, rows(1_500))
before = used()
write_rows(Path(folder, "b"), form, columns, rows(7_500))
print((used() - before) // 1024)
"""


@pytest.mark.parametrize("form", FORMATS)
def test_memory_does_not_grow_with_the_number_of_rows(form: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWTH, form, str(tmp_path)], env=Home(tmp_path).environment, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    # The texts alone are 110 MB more.
    assert int(done.stdout) < 48
