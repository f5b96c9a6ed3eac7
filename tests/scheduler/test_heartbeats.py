"""Silence is counted by a clock that never jumps, and only while somebody looks."""

from datetime import UTC, datetime, timedelta

from scheduler.heartbeats import LONGEST_GAP_S, Heartbeats

NOW = datetime(2026, 7, 24, 1, 2, 3, tzinfo=UTC)


def test_the_same_sign_of_life_seen_for_a_while_is_silence() -> None:
    heartbeats = Heartbeats()

    silent_s = [heartbeats.silent_s(1, NOW, now_s=100.0 + second) for second in range(5)]

    assert silent_s == [0, 1, 2, 3, 4]


def test_any_other_sign_of_life_ends_it_also_one_of_a_clock_that_was_set_back() -> None:
    heartbeats = Heartbeats()
    heartbeats.silent_s(1, NOW, now_s=100)
    assert heartbeats.silent_s(1, NOW, now_s=103) == 3

    assert heartbeats.silent_s(1, NOW - timedelta(hours=8), now_s=104) == 0


def test_a_time_in_which_nobody_looked_counts_little() -> None:
    heartbeats = Heartbeats()
    heartbeats.silent_s(1, NOW, now_s=100)

    assert heartbeats.silent_s(1, NOW, now_s=100 + 8 * 3600) == LONGEST_GAP_S


def test_what_is_forgotten_begins_anew() -> None:
    heartbeats = Heartbeats()
    for crawl_id in (1, 2, 3):
        heartbeats.silent_s(crawl_id, NOW, now_s=100)

    heartbeats.forget(1)
    heartbeats.keep_only({1, 3})

    assert [heartbeats.silent_s(crawl_id, NOW, now_s=104) for crawl_id in (1, 2, 3)] == [0, 0, 4]
