"""The judge: a good archive passes, and each law that is broken by hand is found and named."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.archive.facts import Facts, LinkFacts
from crawler.errors import InputFileError
from crawler.judge import Allowed, RequestLog, judge, load_log
from tests.judge.conftest import Case, is_for, later

Line = dict[str, Any]
WWW = "https://www.tribunnews.com"


def at_request(url: str, change: Callable[[Line], list[Line]]) -> Callable[[Line], list[Line]]:
    """Change the requests for an address, and leave the other lines."""
    return lambda line: change(line) if is_for(line, url) else [line]


def test_a_good_archive_passes(case: Case) -> None:
    assert case.allowing(is_complete=True).wrong == []
    assert len(case.lines) > 60


def test_a_stored_link_without_its_article(case: Case) -> None:
    case.set_link("article_id = NULL")

    assert f"lost: {case.url}: the ledger calls it stored, but it has no article" in case.wrong


def test_a_link_that_is_not_in_the_ledger(case: Case) -> None:
    case.drop_link()

    wrong = case.allowing(is_complete=True).wrong

    assert f"lost: {case.url}: its article is stored, but the ledger does not lead to it" in wrong
    assert f"not stored: {case.url}: the ledger does not know it" in wrong
    assert any(
        each.startswith(f"lost: {case.url}: ") and each.endswith("the ledger does not know it") for each in wrong
    )


def test_an_answer_that_nothing_became_of(case: Case) -> None:
    case.set_link("state = 'seen', article_id = NULL")

    wrong = case.allowing(is_complete=True).wrong

    assert any(each.startswith(f"lost: {case.url}") and each.endswith("nothing became of it") for each in wrong)
    assert f"not stored: {case.url}: seen" in wrong


def test_what_is_not_stored_yet_is_wrong_only_where_all_must_be(case: Case) -> None:
    case.set_link("state = 'failed', reason = 'timeout', article_id = NULL")

    assert not any(each.startswith("not stored") for each in case.wrong)
    assert f"not stored: {case.url}: failed (timeout)" in case.allowing(is_complete=True).wrong


@pytest.mark.parametrize("reason", [None, "the weather"])
def test_a_state_without_a_reason_that_is_known(case: Case, reason: str | None) -> None:
    said = "NULL" if reason is None else f"'{reason}'"
    case.set_link(f"state = 'gone', reason = {said}")

    because = "gone, and no reason is given" if reason is None else "gone for 'the weather', which is no known reason"
    assert case.wrong == [f"state: {case.url}: {because}"]


def test_a_state_that_there_is_not() -> None:
    link = LinkFacts("www/1", f"{WWW}/nasional/1/x", "lost", None, 0, None, None)

    verdict = judge(Facts({link.key: link}, frozenset(), (), {}), RequestLog({}, ()), Allowed())

    assert [each.what for each in verdict.findings] == ["state"]


def test_an_article_that_is_fetched_again_though_it_is_stored(logged: Case) -> None:
    logged.rewrite(at_request(logged.url, lambda line: [line, later(line, 60)]))

    (wrong,) = logged.allowing(repeats=1000).wrong

    assert wrong.startswith(f"fetched twice: {logged.url}?page=all: at ")
    assert "though stored since" in wrong


def test_what_a_kill_repeats_is_counted(logged: Case) -> None:
    logged.rewrite(
        lambda line: (
            [line, later(line, 0.001)] if is_for(line, logged.url) or is_for(line, logged.other_url) else [line]
        )
    )

    assert [each.rpartition("; ")[2] for each in logged.allowing(repeats=1).wrong] == ["1 such may be, 2 are"] * 2
    assert logged.allowing(repeats=2).wrong == []


@pytest.mark.parametrize(
    "spoilt", [{"status": 503}, {"status": 200, "faults": ["cut"]}, {"status": 0, "faults": ["reset"]}]
)
def test_what_did_not_come_whole_may_be_fetched_again(logged: Case, spoilt: Line) -> None:
    logged.rewrite(at_request(logged.url, lambda line: [{**line, **spoilt}, later(line, 0.001)]))

    assert logged.wrong == []


def test_what_could_not_be_read_may_be_fetched_again(case: Case) -> None:
    case.rewrite(at_request(case.url, lambda line: [line, later(line, 0.001)]))
    assert case.wrong != []

    case.set_link("attempts = 1")

    assert case.wrong == []


def test_what_was_changed_may_be_fetched_again_and_nothing_else(logged: Case) -> None:
    logged.rewrite(lambda line: [] if line["kind"] == "changed" else [line])

    (wrong,) = logged.wrong

    assert wrong.startswith(f"fetched twice: {logged.edited_url}?page=all: ")


def test_a_listing_that_one_crawl_asks_twice(logged: Case) -> None:
    url = f"{WWW}/sitemap.xml"
    logged.rewrite(at_request(url, lambda line: [line, {**later(line, 0.001), "status": 304}]))

    assert {each.rpartition(" at ")[0] for each in logged.wrong} == {f"asked twice: {url}: again"}


def test_two_requests_to_a_host_at_once(logged: Case) -> None:
    logged.rewrite(at_request(logged.url, lambda line: [{**line, "at_once": 2}]))

    (wrong,) = logged.wrong

    assert wrong.startswith(f"two at once: {logged.url}?page=all: came at ")


def test_a_host_that_is_asked_before_its_robots_txt(logged: Case) -> None:
    logged.rewrite(lambda line: [] if line.get("path") == "/robots.txt" else [line])
    logged.run("UPDATE host SET robots_at = robots_at + 60")

    wrong = logged.wrong

    assert f"robots: {logged.url}?page=all: asked before robots.txt was read" in wrong
    asked = {f"{each['host']}{each['path']}" for each in logged.lines if each["kind"] == "request"}
    assert len(wrong) == len(asked)


def test_what_the_archive_knew_of_robots_before_the_log_began_counts(case: Case) -> None:
    case.rewrite(lambda line: [] if line.get("path") == "/robots.txt" else [line])

    case.run("UPDATE host SET robots_at = robots_at - 3600")

    assert case.wrong == []


def test_what_robots_txt_forbids(logged: Case) -> None:
    section = logged.url.removeprefix(WWW).split("/")[1]
    logged.rewrite(
        lambda line: [{**line, "robots": f"User-agent: *\nDisallow: /{section}/\n"} if line.get("robots") else line]
    )

    assert f"robots: {logged.url}?page=all: asked though robots.txt forbids it" in logged.wrong


def test_a_robots_txt_that_is_too_old(logged: Case) -> None:
    logged.rewrite(lambda line: [later(line, -90_000) if line.get("path") == "/robots.txt" else line])

    assert any(
        each.startswith(f"robots: {logged.url}") and each.endswith("more than a day old") for each in logged.wrong
    )


def test_a_robots_txt_that_cannot_be_had_allows_nothing(logged: Case) -> None:
    logged.rewrite(lambda line: [{**line, "status": 503, "robots": ""} if line.get("path") == "/robots.txt" else line])

    assert f"robots: {logged.url}?page=all: asked before robots.txt was read" in logged.wrong


def test_one_that_is_missing_allows_everything(logged: Case) -> None:
    logged.rewrite(lambda line: [{**line, "status": 404, "robots": "x"} if line.get("path") == "/robots.txt" else line])

    assert logged.wrong == []


def test_the_pause_between_two_requests(logged: Case) -> None:
    wrong = logged.allowing(pause_s=30).wrong

    assert any(each.startswith(f"pause: {logged.url}?page=all: asked 0.") for each in wrong)
    assert all(each.endswith("s after the answer before, not 30 s") for each in wrong)


def test_the_pause_that_robots_txt_asks_for(logged: Case) -> None:
    logged.rewrite(lambda line: [{**line, "robots": "User-agent: *\nCrawl-delay: 7\n"} if line.get("robots") else line])

    assert any(each.startswith(f"pause: {logged.url}") and each.endswith("not 7 s") for each in logged.wrong)


def test_the_pause_that_an_answer_asks_for(logged: Case) -> None:
    url = f"{WWW}/sitemap.xml"
    logged.rewrite(at_request(url, lambda line: [{**line, "status": 503, "retry_after": "5000"}]))

    until = datetime.fromisoformat(logged.asked(url)["at"]) + timedelta(seconds=600)
    wrong = logged.allowing(longest_pause_s=600).wrong

    told = f"asked though its host asked to be left alone until {until.isoformat(sep=' ', timespec='milliseconds')}"
    assert f"pause: {logged.url}?page=all: {told}" in wrong


def test_two_crawls_at_once(case: Case) -> None:
    case.set_crawl(1, "ended_at = ended_at + 3600")

    assert case.wrong == ["two crawls: crawl 2 began before crawl 1 had ended"]


@pytest.mark.parametrize(("went_on_at", "is_wrong"), [("ended_at + 3600", False), ("ended_at", True)])
def test_a_crawl_that_gave_way_may_not_run_beside_another(case: Case, went_on_at: str, is_wrong: bool) -> None:
    gave_way = f"gave_way = '[[' || ended_at || ',2,' || ({went_on_at}) || ']]'"
    case.set_crawl(1, f"{gave_way}, ended_at = ended_at + 3600")
    # It may have taken less than a second, and then would have taken none.
    case.set_crawl(2, "ended_at = ended_at + 60")

    assert any("two crawls" in each for each in case.wrong) == is_wrong


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("ended_at = NULL", "succeeded, and when it ended is not recorded"),
        ("ended_at = started_at - 1", "it ended before it began"),
        ("report = NULL", "succeeded, and there is no report"),
        ("state = 'lost'", "lost, and no reason is given"),
    ],
)
def test_a_crawl_without_a_proper_end(case: Case, broken: str, told: str) -> None:
    case.set_crawl(2, broken)

    assert f"crawl: crawl 2: {told}" in case.wrong


def test_requests_of_others_are_not_judged(logged: Case) -> None:
    stranger = later(logged.asked(logged.url), 60) | {"agent": "curl/8", "path": "/search?q=x", "at_once": 9}

    with logged.log.open("a", encoding="utf-8") as log:
        log.write(json.dumps(stranger) + "\n")

    assert logged.wrong == []


def test_a_log_that_is_full_says_that_something_is_missing(logged: Case) -> None:
    with logged.log.open("a", encoding="utf-8") as log:
        log.write(json.dumps({"kind": "full", "at": datetime.now(UTC).isoformat()}) + "\n")

    assert [each.partition(":")[0] for each in logged.wrong] == ["log"]


def test_a_line_that_is_being_written_is_left(logged: Case) -> None:
    with logged.log.open("a", encoding="utf-8") as log:
        log.write('{"kind": "requ')

    assert logged.wrong == []


@pytest.mark.parametrize("line", ["nonsense", "[]", "{}", '{"kind": "dance"}', '{"kind": "changed", "number": 5}'])
def test_a_file_that_is_no_log_is_told_with_its_line(tmp_path: Path, line: str) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text(f'{{"kind": "full", "at": "2026-07-24T11:00:00+00:00"}}\n{line}\n')

    with pytest.raises(InputFileError, match=r"log\.jsonl: line 2 is none of a newsroom's log"):
        load_log(log)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"log\.jsonl: No such file"):
        load_log(tmp_path / "log.jsonl")
