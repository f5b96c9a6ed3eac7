"""Dates as the network prints them."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.dates import ZONES, Zone, parse_iso_date, parse_printed_date, parse_printed_day

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@pytest.mark.parametrize(
    ("printed", "moment"),
    [
        ("Jumat, 24 Juli 2026 17:25 WIB", "2026-07-24T17:25:00+07:00"),
        ("Rabu, 13 September 2023 15:30 WIB", "2023-09-13T15:30:00+07:00"),
        ("Kamis, 10 Februari 2022 23:28", "2022-02-10T23:28:00+07:00"),
        ("Tayang: Senin, 24 Februari 2025 10:17 WIB", "2025-02-24T10:17:00+07:00"),
        ("Tayang : Senin, 24 Februari 2025 10:17 WIB", "2025-02-24T10:17:00+07:00"),
        ("Senin, 24 Februari 2025 10:17 WITA", "2025-02-24T10:17:00+08:00"),
        ("Senin, 24 Februari 2025 10.17 Wita", "2025-02-24T10:17:00+08:00"),
        ("Senin, 24 Februari 2025 | 10:17 WIT", "2025-02-24T10:17:00+09:00"),
        ("Minggu, 1 Desember 2024, pukul 07.05 WIB", "2024-12-01T07:05:00+07:00"),
        ("jum'at, 24 juli 2026 17:25:36 wib", "2026-07-24T17:25:36+07:00"),
        ("Jum’at 24 Juli 2026 - 17:25 WIB", "2026-07-24T17:25:00+07:00"),
        ("\n\t Jumat,\u00a024  Juli\n2026 17:25 WIB \n", "2026-07-24T17:25:00+07:00"),
        ("29 Februari 2024 0:05", "2024-02-29T00:05:00+07:00"),
    ],
)
def test_a_printed_date_gives_its_moment_with_the_offset_printed(printed: str, moment: str) -> None:
    found = parse_printed_date(printed)

    assert found.isoformat() == moment


@pytest.mark.parametrize(
    ("month", "spellings"),
    [
        (1, "Januari Jan JANUARI"),
        (2, "Februari Feb Pebruari"),
        (3, "Maret Mar"),
        (4, "April Apr"),
        (5, "Mei mei"),
        (6, "Juni Jun"),
        (7, "Juli Jul"),
        (8, "Agustus Agu Agt Ags"),
        (9, "September Sep Sept"),
        (10, "Oktober Okt"),
        (11, "November Nov Nopember"),
        (12, "Desember Des Des."),
    ],
)
def test_every_month_is_known_in_full_and_in_short(month: int, spellings: str) -> None:
    days = {parse_printed_day(f"7 {spelling} 2025") for spelling in spellings.split()}

    assert days == {date(2025, month, 7)}


@pytest.mark.parametrize(("zone", "hours"), [("WIB", 7), ("WITA", 8), ("WIT", 9)])
def test_the_default_zone_counts_only_where_none_is_printed(zone: Zone, hours: int) -> None:
    bare = parse_printed_date("Kamis, 10 Februari 2022 23:28", default_zone=zone)
    printed = parse_printed_date("Kamis, 10 Februari 2022 23:28 WIT", default_zone=zone)

    assert bare.utcoffset() == timedelta(hours=hours)
    assert printed.utcoffset() == timedelta(hours=9)


def test_a_weekday_that_disagrees_with_the_date_is_not_minded() -> None:
    monday_printed_as_tuesday = parse_printed_date("Selasa, 22 September 2025 08:00 WIB")

    assert monday_printed_as_tuesday.date() == date(2025, 9, 22)
    assert parse_printed_day("Minggu, 4 Oktober 2025") == date(2025, 10, 4)


@pytest.mark.parametrize(
    "text",
    [
        "Jumat, 31 Februari 2025 10:00 WIB",
        "Jumat, 29 Februari 2025 10:00 WIB",
        "Jumat, 0 Mei 2025 10:00 WIB",
        "Jumat, 24 Juli 2026 24:25 WIB",
        "Jumat, 24 Juli 2026 17:60 WIB",
        "Jumat, 24 July 2026 17:25 WIB",
        "Jumat, 24 Juli 2026",
        "Jumat, 24 Juli 209 17:25 WIB",
        "Jumat, 24 Juli 0001 17:25 WIB",
        "Jumat, 24 Juli 9999 17:25 WIB",
        "Jumat, 24 Juli 2026 17:25 WIB dan seterusnya",
        "Jakarta, 24 Juli 2026 17:25 WIB",
        "Jumat, ٢٤ Juli 2026 17:25 WIB",
        "3 jam lalu",
        "",
        "Senin, " * 100_000,
    ],
)
def test_what_is_no_printed_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_printed_date(text)


@pytest.mark.parametrize(
    "text", ["Sabtu, 4 Oktober 2025", "4 Oktober 2025", "sabtu 4 okt 2025", " Sabtu,  4 Okt. 2025 "]
)
def test_a_printed_day_gives_its_date(text: str) -> None:
    assert parse_printed_day(text) == date(2025, 10, 4)


@pytest.mark.parametrize(
    "text",
    [
        "31 Februari 2025",
        "Sabtu, 4 Oktober 2025 10:00 WIB",
        "Sabtu, 4 Oktober",
        "Pada Sabtu, 4 Oktober 2025",
        "4 Octember 2025",
        "Sabtu (4/10/2025)",
        "",
    ],
)
def test_what_is_no_printed_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_printed_day(text)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-24T17:16:29+07:00", "2026-07-24T17:16:29+07:00"),
        ("2026-07-24T12:40+07:00", "2026-07-24T12:40:00+07:00"),
        ("2026-07-24T12:40:00+0800", "2026-07-24T12:40:00+08:00"),
        ("2026-07-24T12:40:00-03", "2026-07-24T12:40:00-03:00"),
        ("2026-07-24T05:40:00.123Z", "2026-07-24T05:40:00+00:00"),
        ("2024-01-23 17:01:36", "2024-01-23T17:01:36+08:00"),
        (" 2024-01-23T17:01 ", "2024-01-23T17:01:00+08:00"),
    ],
)
def test_an_iso_date_keeps_its_own_offset_and_takes_the_default_only_without_one(text: str, moment: str) -> None:
    found = parse_iso_date(text, default_zone="WITA")

    assert found.isoformat() == moment


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-24",
        "2026-02-30T10:00:00+07:00",
        "2026-07-24T25:00:00+07:00",
        "2026-07-24T10:00:00+99:00",
        "0000-00-00 00:00:00",
        "0001-01-01T00:00:00+07:00",
        "24 Juli 2026",
        "",
    ],
)
def test_what_is_no_iso_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_iso_date(text)


@given(
    st.datetimes(min_value=datetime(1999, 1, 1), max_value=datetime(2099, 12, 31)),  # noqa: DTZ001  - a wall clock time
    st.sampled_from(sorted(ZONES)),
)
@settings(max_examples=200, deadline=None)
def test_every_date_of_the_network_is_read_as_it_was_printed(wall: datetime, zone: Zone) -> None:
    moment = wall.replace(second=0, microsecond=0, tzinfo=ZONES[zone])
    day = f"{WEEKDAYS[moment.weekday()]}, {moment.day} {MONTHS[moment.month - 1]} {moment.year}"

    assert parse_printed_date(f"{day} {moment:%H:%M} {zone}") == moment
    assert parse_printed_date(f"{day} {moment:%H:%M}", default_zone=zone) == moment
    assert parse_printed_day(day) == moment.date()
    assert parse_iso_date(moment.isoformat()) == moment


@given(st.text() | st.from_regex(r"[A-Za-z]{3,7}, [0-9]{1,2} [A-Za-z]{3,9} [0-9]{4} [0-9]{2}:[0-9]{2}( WI[BT])?"))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_a_date_or_a_value_error(text: str) -> None:
    for parse in (parse_printed_date, parse_printed_day, parse_iso_date):
        try:
            parse(text)
        except ValueError:
            continue
