"""What a schedule may say, and the one line for each that it may not."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import ScheduleError
from scheduler.when import Auto, Every, Quiet, length_of, parse_quiet, parse_when


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("15m", timedelta(minutes=15)),
        ("every 15m", timedelta(minutes=15)),
        ("1H30M", timedelta(minutes=90)),
        ("1w2d", timedelta(days=9)),
        ("90s", timedelta(seconds=90)),
    ],
)
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    when = parse_when(text)

    assert isinstance(when, Every)
    assert when.length == length


def test_auto_is_read() -> None:
    assert parse_when(" AUTO ") == Auto()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("0 6 * * monday", "0 6 * * mon"),
        ("0 6 * * Mon,tue,WED,thu,fri", "0 6 * * mon-fri"),
        ("0 6 1 january-march *", "0 6 1 1-3 *"),
        ("*/20 * * * *", "0,20,40 * * * *"),
        ("10-30/10 * * * *", "10,20,30 * * * *"),
    ],
)
def test_names_lists_ranges_and_steps_are_read(text: str, same: str) -> None:
    begin = datetime(2026, 11, 22, tzinfo=UTC)

    found, expected = (parse_when(each).forward(begin) for each in (text, same))

    assert [next(found) for _ in range(20)] == [next(expected) for _ in range(20)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no schedule; write"),
        ("soon", "no schedule; write"),
        ("@daily", "no schedule; write"),
        ("5", "no length of time; write"),
        ("1h30", "no length of time; write"),
        ("30s", "out of range; write a length of 1m to 366d"),
        ("0m", "out of range"),
        ("367d", "out of range"),
        ("* * * *", "five fields .*, not 4"),
        ("0 6 * * 1", "weekday 1 is one day in one cron .* write its name: mon, tue"),
        ("0 6 * * 0-5", "weekday 0 is one day"),
        ("0 6 * * 7", "weekday 7 is one day"),
        ("0 6 * * monda", "'monda' is no day of the week; write mon to sun"),
        ("0 6 * foo *", "'foo' is no month; write 1 to 12 or jan to dec"),
        ("60 * * * *", "'60' is no minute; write 0 to 59"),
        ("0 24 * * *", "'24' is no hour; write 0 to 23"),
        ("0 6 0 * *", "'0' is no day of the month; write 1 to 31"),
        ("0 22-5 * * *", "runs backwards; write 22-23,0-5"),
        ("0 6 * * fri-mon", "runs backwards; write fri-sun,mon-mon"),
        ("5/10 * * * *", "steps through nothing; write 5-59/10"),
        ("*/0 * * * *", "steps by 0"),
        ("*-5 * * * *", "is no minute; write"),
        ("1,,2 * * * *", "is no minute; write"),
        ("0 6 1 * mon", "make two schedules"),
        ("0 6 31 feb *", "never comes"),
        ("0 6 31 feb,apr,jun *", "never comes"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_write(text: str, told: str) -> None:
    with pytest.raises(ScheduleError, match=told) as error:
        parse_when(text, where='schedule "pagi"')

    assert str(error.value).startswith('schedule "pagi": ')
    assert error.value.exit_code == 2


@pytest.mark.parametrize("zone", ["WIB", "", "../etc/passwd", "Asia/Jakart", "Asia", "\0", "x" * 5000])
def test_a_zone_that_is_none_is_refused(zone: str) -> None:
    with pytest.raises(ScheduleError, match="is no time zone; write Asia/Jakarta"):
        parse_when("0 6 * * *", zone=zone)


@given(
    st.text(max_size=60)
    | st.from_regex(r"[0-9a-z*/,\- ]{0,40}", fullmatch=True)
    | st.text("0123456789*/-, monfeb", max_size=30)
)
@settings(deadline=None, max_examples=500)
def test_any_text_is_a_schedule_or_one_line(text: str) -> None:
    told = ""
    try:
        when = parse_when(text)
    except ScheduleError as error:
        told = str(error)
    else:
        assert when == Auto() or next(when.forward(datetime(2026, 11, 22, tzinfo=UTC))) is not None

    assert "\n" not in told
    assert len(told) < 400


@given(st.text(max_size=30) | st.from_regex(r"[0-9:\- ]{0,12}", fullmatch=True))
@settings(deadline=None, max_examples=300)
def test_any_text_is_quiet_hours_or_one_line(text: str) -> None:
    told = ""
    try:
        quiet = parse_quiet(text)
    except ScheduleError as error:
        told = str(error)
    else:
        assert quiet.begin != quiet.end

    assert "\n" not in told


def test_quiet_hours_are_read_and_printed() -> None:
    assert parse_quiet("23:00-5:00") == Quiet(time(23), time(5))
    assert parse_quiet("20:00-24:00") == Quiet(time(20), time(0))
    assert str(parse_quiet("9:30 - 10:00")) == "09:30-10:00"


@pytest.mark.parametrize(
    "text", ["23-5", "25:00-05:00", "23:00-23:00", "00:00-24:00", "24:30-01:00", "", "23:00", "a-b"]
)
def test_quiet_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ScheduleError, match=r"quiet hours|midnight"):
        parse_quiet(text)


def test_a_length_may_stand_alone() -> None:
    assert length_of("90s", where="here") == timedelta(seconds=90)
