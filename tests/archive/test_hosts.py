from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.archive.connect import Archive
from crawler.archive.hosts import HostStore, KeptRobots, KnownHost, Wait, day_of, end_of_day, load_hosts, save_hosts

NOW = datetime(2026, 7, 24, 16, 59, 59, tzinfo=UTC)
WWW = "www.tribunnews.com"
ALL = KnownHost(
    name=WWW,
    robots=KeptRobots(200, b"\xef\xbb\xbfUser-agent: *\n\x00\xff", at=NOW, until=NOW + timedelta(hours=1)),
    not_before=NOW + timedelta(minutes=5),
    wait_reason="too many requests (429)",
    refusals=1,
    failures=2,
    walls=3,
    counted_on=date(2026, 7, 24),
    counted=440,
    last_asked_at=NOW,
)


def test_what_is_known_of_a_host_comes_back_as_it_was_and_is_replaced_by_what_comes_later(archive: Archive) -> None:
    save_hosts(archive, [ALL, KnownHost("bali.tribunnews.com")])
    assert load_hosts(archive) == {WWW: ALL, "bali.tribunnews.com": KnownHost("bali.tribunnews.com")}

    save_hosts(archive, [KnownHost(WWW, failures=7)])

    assert load_hosts(archive)[WWW] == KnownHost(WWW, failures=7)


def test_a_pause_is_never_kept_shorter_than_it_is(archive: Archive) -> None:
    until = NOW + timedelta(microseconds=1)

    save_hosts(archive, [KnownHost(WWW, not_before=until, wait_reason="it asked for it")])

    assert load_hosts(archive)[WWW].not_before == NOW + timedelta(seconds=1)


def test_an_archive_that_is_opened_for_reading_keeps_nothing(archive: Archive, place: str) -> None:
    save_hosts(archive, [ALL])
    with Archive.open(place, readonly=True) as looked_at:
        store = HostStore(looked_at)

        store.save([KnownHost(WWW)])

        assert store.load() == {WWW: ALL}


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 7, 24, 16, 59, 59, tzinfo=UTC), date(2026, 7, 24)),
        (datetime(2026, 7, 24, 17, 0, tzinfo=UTC), date(2026, 7, 25)),
    ],
)
def test_a_day_begins_at_midnight_in_jakarta(moment: datetime, day: date) -> None:
    assert day_of(moment) == day
    assert day_of(end_of_day(moment)) == day + timedelta(days=1)
    assert day_of(end_of_day(moment) - timedelta(seconds=1)) == day


def test_a_host_waits_for_its_pause_else_for_its_budget_else_for_nothing() -> None:
    used_up = KnownHost(WWW, counted_on=date(2026, 7, 24), counted=10)

    assert ALL.wait(NOW, requests_per_day=10) == Wait(NOW + timedelta(minutes=5), "too many requests (429)")
    assert ALL.wait(NOW + timedelta(hours=1), requests_per_day=1000) is None
    assert used_up.wait(NOW, requests_per_day=10) == Wait(
        datetime(2026, 7, 24, 17, 0, tzinfo=UTC), "the budget of the day is used up (10 of 10 requests)"
    )
    assert used_up.wait(NOW, requests_per_day=11) is None
    assert used_up.wait(NOW + timedelta(seconds=1), requests_per_day=10) is None
