"""The dispatcher: what waits is crawled by a process of its own, and every end is known."""

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import crawl_lines, list_crawls, load_crawl
from crawler.archive.lease import claim_crawl
from crawler.archive.losing import lose_crawl
from crawler.archive.reading import life_of, newest_articles
from crawler.archive.requests import stop_crawl
from crawler.errors import HELD
from crawler.processes import module_environment, this_process
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.crawling import ALL_OF_WWW, listed, wait_until
from tests.dispatching import ask, child_of, dispatching, ended, retry_of, send, serving, write_config

STANDS_STILL = """
import os, signal, sys
from datetime import UTC, datetime
from crawler.archive.connect import Archive
from crawler.archive.lease import begin_crawl
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
with Archive.open(sys.argv[1]) as archive:
    begin_crawl(archive, options=CrawlOptions(limit=1).as_json(), process=this_process(), now=datetime.now(UTC))
    print("begun", flush=True)
    sys.stdin.readline()
    with archive.writing():
        os.kill(os.getpid(), signal.SIGSTOP)
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return write_config(tmp_path)


@pytest.fixture
def slow(many: Newsroom) -> Newsroom:
    """A newsroom in which some articles do not come before it is healed."""
    many.slow("/nasional/7*", 60)
    return many


def stored(archive: Archive) -> list[str]:
    return [str(each.article.url) for each in newest_articles(archive)]


def test_what_waits_is_crawled_by_a_process_of_its_own(
    newsroom: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config) as dispatcher:
        crawl = ended(archive, ask(archive, newsroom.url))

    assert crawl.state == "succeeded"
    assert crawl.report["stored"] == len(listed(newsroom)) > 0
    assert set(stored(archive)) >= set(listed(newsroom))
    assert "crawl ended state=succeeded" in crawl_lines(archive, crawl_id=crawl.crawl_id)[-1].line
    assert dispatcher.running is None


def test_progress_and_log_are_told_while_a_crawl_runs(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config):
        number = ask(archive, slow.url)

        wait_until(lambda: load_crawl(archive, crawl_id=number).report.get("links_seen", 0) > 0)
        assert load_crawl(archive, crawl_id=number).report["state"] == "running"


def test_a_crawl_that_is_killed_is_gone_on_with_and_stores_every_article_once(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config):
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        wait_until(lambda: any("/nasional/7" in path for path in slow.article_requests))

        send(child, signal.SIGKILL)
        lost = ended(archive, number)
        slow.heal()
        again = ended(archive, retry_of(archive, number).crawl_id)

    assert (lost.state, lost.reason) == ("lost", "killed by signal 9")
    assert (again.state, again.cause, again.attempt) == ("succeeded", "retry", 2)
    assert sorted(stored(archive)) == sorted(listed(slow))
    twice = [path for path in slow.article_requests if slow.article_requests.count(path) > 1]
    assert len(set(twice)) <= 1


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_a_link_that_crashes_its_crawl_is_left_for_a_while_and_one_that_was_killed_with_it_is_not(
    slow: Newsroom, archive: Archive, place: str, config: Path, number: signal.Signals
) -> None:
    with dispatching(place, config):
        crawl_id = ask(archive, slow.url)
        child = child_of(archive, crawl_id)
        wait_until(lambda: any("/nasional/7" in path for path in slow.article_requests))

        send(child, number)
        lost = ended(archive, crawl_id)
        slow.heal()
        again = ended(archive, retry_of(archive, crawl_id).crawl_id)

    left = set(listed(slow)) - set(stored(archive))
    assert again.state == "succeeded"
    if number == signal.SIGKILL:
        assert (lost.reason, left) == ("killed by signal 9", set())
        return
    (url,) = left
    address = identify(url)
    life = life_of(archive, address=address)
    assert lost.reason == f"killed by signal 11, at {address.key}"
    assert life is not None
    assert life.link is not None
    assert (life.link.state, life.link.attempts, life.link.reason) == (
        "failed",
        1,
        "crashed its crawl: killed by signal 11",
    )


def test_a_crawl_that_is_cancelled_ends_cleanly_and_is_not_gone_on_with(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config):
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        stop_crawl(archive, crawl_id=number, reason="cancelled by a person", now=datetime.now(UTC))
        crawl = ended(archive, number)
        wait_until(lambda: child.is_gone)

    assert (crawl.state, crawl.reason) == ("cancelled", "cancelled by a person")
    assert crawl.report["state"] == "cancelled"
    assert len(list_crawls(archive)) == 1


def test_a_service_that_stops_leaves_what_is_left_to_the_next(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config):
        number = ask(archive, slow.url)
        child_of(archive, number)
        wait_until(lambda: bool(slow.article_requests))
    left = load_crawl(archive, crawl_id=number)
    slow.heal()
    with dispatching(place, config):
        again = ended(archive, retry_of(archive, number).crawl_id)

    assert left.state == "interrupted"
    assert (again.state, again.attempt) == ("succeeded", 1)
    assert set(stored(archive)) >= set(listed(slow))


def test_a_service_that_stops_gives_back_what_has_not_begun(archive: Archive, place: str, config: Path) -> None:
    with dispatching(place, config) as dispatcher:
        number = ask(archive, "http://127.0.0.1:1")
        wait_until(lambda: dispatcher.running is not None)

    crawl = load_crawl(archive, crawl_id=number)
    assert (crawl.state, crawl.attempt, crawl.started_at, crawl.process) == ("queued", 1, None, None)


def test_a_crawl_ends_with_the_service_that_started_it_whatever_ended_that(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with serving(place, config) as service:
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        wait_until(lambda: bool(slow.article_requests))

        service.kill()

        wait_until(lambda: child.is_gone)

    assert load_crawl(archive, crawl_id=number).state == "interrupted"
    assert retry_of(archive, number).state == "queued"
    assert "service is gone, the crawl ends" in [each.line for each in crawl_lines(archive, crawl_id=number)]


def test_service_and_crawl_killed_together_are_found_by_the_next_service(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with serving(place, config) as service:
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        service.kill()
        send(child, signal.SIGKILL)
        service.wait()
    slow.heal()

    with dispatching(place, config):
        lost = ended(archive, number)
        again = ended(archive, retry_of(archive, number).crawl_id)

    assert (lost.state, lost.reason) == ("lost", "its process is gone")
    assert (again.state, again.attempt) == ("succeeded", 1)


@pytest.mark.slow
def test_a_crawl_that_stands_still_does_not_hold_the_archive_for_ever(
    slow: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with serving(place, config) as service:
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        wait_until(lambda: bool(slow.article_requests))
        send(child, signal.SIGSTOP)
        service.kill()
        service.wait()
    slow.heal()

    with dispatching(place, config, lease_s=8):
        lost = ended(archive, number)
        wait_until(lambda: child.is_gone)
        again = ended(archive, retry_of(archive, number).crawl_id)

    assert (lost.state, lost.reason) == ("lost", "no sign of life for 8 s")
    assert again.state == "succeeded"


@pytest.mark.slow
def test_a_crawl_that_stands_still_in_the_middle_of_a_write_does_not_hold_up_the_others(
    newsroom: Newsroom, archive: Archive, place: str, config: Path, run_python: Callable[..., "subprocess.Popen[str]"]
) -> None:
    with run_python(STANDS_STILL, place) as ghost, dispatching(place, config, lease_s=8):
        assert ghost.stdout is not None
        assert ghost.stdin is not None
        assert ghost.stdout.readline() == "begun\n"
        number = ask(archive, newsroom.url)
        ghost.stdin.write("stand still\n")
        ghost.stdin.flush()

        crawl = ended(archive, number)

        assert ghost.wait() == -signal.SIGKILL
    assert crawl.state == "succeeded"
    assert load_crawl(archive, crawl_id=1).reason == "no sign of life for 8 s"


@pytest.mark.slow
def test_a_child_that_stands_still_is_killed(slow: Newsroom, archive: Archive, place: str, config: Path) -> None:
    with dispatching(place, config, lease_s=8):
        number = ask(archive, slow.url)
        child = child_of(archive, number)
        wait_until(lambda: bool(slow.article_requests))

        send(child, signal.SIGSTOP)
        wait_until(lambda: child.is_gone)
        lost = ended(archive, number)

    assert (lost.state, lost.reason) == ("lost", "killed: gave no sign of life for 8 s, and did not end within 8 s")


def test_a_ghost_changes_nothing_when_it_goes_on(slow: Newsroom, archive: Archive, place: str, config: Path) -> None:
    number = ask(archive, slow.url)
    lease = claim_crawl(archive, process=this_process(), now=datetime.now(UTC))
    assert lease is not None
    ghost = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "tribunwatch",
            "--config",
            config,
            "--archive",
            place,
            "crawl",
            "--claimed",
            str(number),
        ],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=module_environment(),
    )
    assert ghost.stdin is not None
    ghost.stdin.write(f"{lease.token}\n".encode())
    ghost.stdin.flush()
    child = child_of(archive, number)
    wait_until(lambda: any("/nasional/7" in path for path in slow.article_requests))
    send(child, signal.SIGSTOP)
    assert lose_crawl(archive, load_crawl(archive, crawl_id=number), reason="stood still", now=datetime.now(UTC))
    before = (load_crawl(archive, crawl_id=number), stored(archive), crawl_lines(archive, crawl_id=number))
    slow.heal()

    send(child, signal.SIGCONT)
    _, said = ghost.communicate(timeout=120)

    assert ghost.returncode == HELD
    assert f"crawl {number} is not this process's any more" in said.decode()
    assert (load_crawl(archive, crawl_id=number), stored(archive), crawl_lines(archive, crawl_id=number)) == before


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "case",
    [
        (
            "most_memory_mb = 64",
            "lost",
            "killed: took .* MB of memory, more than service.most_memory_mb = 64(, at .*)?",
        ),
        ("longest_crawl_s = 2.0", "cancelled", "took more than service.longest_crawl_s = 2"),
    ],
)
def test_a_crawl_that_takes_more_than_it_may_is_ended(
    slow: Newsroom, archive: Archive, place: str, tmp_path: Path, case: tuple[str, str, str]
) -> None:
    limit, state, reason = case
    config = write_config(tmp_path, settings=f"[service]\n{limit}")

    with dispatching(place, config):
        crawl = ended(archive, ask(archive, slow.url))

    assert crawl.state == state
    assert re.fullmatch(reason, crawl.reason or "")


@pytest.mark.sqlite
def test_a_crawl_that_takes_more_of_the_processor_than_it_may_is_ended(
    archive: Archive, place: str, tmp_path: Path
) -> None:
    config = write_config(tmp_path, listings=ALL_OF_WWW, settings="[service]\nlongest_cpu_s = 1")

    # So many that no machine reads them within the second.
    with Newsroom(articles=1_000) as newsroom, dispatching(place, config):
        crawl = ended(archive, ask(archive, newsroom.url))

    assert crawl.state == "lost"
    assert re.fullmatch("took more than service.longest_cpu_s = 1 of the processor(, at .*)?", crawl.reason or "")


def test_a_lost_crawl_that_holds_the_archive_from_another_machine_loses_it(
    newsroom: Newsroom, archive_database: str, config: Path
) -> None:
    with Archive.open(archive_database) as elsewhere, elsewhere.crawl_lock(), dispatching(archive_database, config):
        crawl = ended(elsewhere, ask(elsewhere, newsroom.url))

    assert crawl.state == "succeeded"


def test_a_crawl_that_cannot_begin_has_failed_and_says_why(
    newsroom: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config):
        crawl = ended(archive, ask(archive, newsroom.url, "nasionall"))

    assert crawl.state == "failed"
    assert crawl.reason == "no listing named 'nasionall'; did you mean 'nasional'?; see: tribunwatch listing list"
    assert crawl.report["notes"] == [f"the crawl could not begin: {crawl.reason}"]
    assert len(list_crawls(archive)) == 1


def test_two_services_on_one_archive_run_each_crawl_once_and_one_at_a_time(
    newsroom: Newsroom, archive: Archive, place: str, config: Path
) -> None:
    with dispatching(place, config), dispatching(place, config):
        numbers = [ask(archive, newsroom.url, limit=limit) for limit in (1, 2, 3)]
        crawls = [ended(archive, number) for number in numbers]

    assert [(each.state, each.attempt) for each in crawls] == [("succeeded", 1)] * 3
    assert sum(each.report["stored"] for each in crawls) == len(newsroom.article_requests) == len(listed(newsroom))
    assert len(list_crawls(archive)) == 3
    assert newsroom.most_at_once["www.tribunnews.com"] == 1
