"""The doors that only read, on the archive that the demo filled."""

import csv
import io
import json
import re

import pytest

from seeds.newsroom import Newsroom
from tests.crawling import listed
from tests.home import Home

SEED = "000_d3675def684afb29"
TITLE = "Pertemuan Rusia-Korea Utara di Mata Jenderal AS: Raungan Minta Tolong Vladimir Putin ke Kim Jong Un"
ADDRESS = (
    "https://www.tribunnews.com/internasional/2023/09/05/pertemuan-rusia-korea-utara-di-mata-jenderal-as-"
    "raungan-minta-tolong-vladimir-putin-ke-kim-jong-un"
)


def test_query_finds_the_seed_with_its_publication_and_not_the_day_of_viewing(demo_home: Home) -> None:
    done = demo_home.run("query", "putin", "jenderal", "--json")

    found = [each for each in json.loads(done.stdout)["found"] if each["title"] == TITLE]
    assert len(found) == 1
    assert found[0]["published_at"].startswith("2023-09-05T")
    assert found[0]["published_from"] == "jsonld"
    assert "Konflik Rusia Vs Ukraina" in found[0]["topics"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("query", "--story", "9223372036854775808"), "9223372036854775808 is not in the range"),
        (("crawls", "show", "9223372036854775808"), "9223372036854775808 is not in the range"),
        (("query", "--kind", "vidio"), "'vidio' is not one of 'article', 'opinion'"),
        (("query", "banjir", "--count-by", "day", "--cursor", "x"), "counts have no pages; leave --cursor out"),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_one_line(demo_home: Home, typed: tuple[str, ...], said: str) -> None:
    done = demo_home.run(*typed)

    assert done.returncode == 2
    assert said in done.stderr
    assert "unexpected" not in done.stderr


def test_every_format_holds_the_same_articles(demo_home: Home) -> None:
    as_json = json.loads(demo_home.run("query", "banjir", "--format", "json").stdout)["found"]
    as_jsonl = [json.loads(line) for line in demo_home.run("query", "banjir", "--format", "jsonl").stdout.splitlines()]
    as_csv = list(csv.DictReader(io.StringIO(demo_home.run("query", "banjir", "--format", "csv").stdout)))
    table = demo_home.run("query", "banjir").stdout.replace("«", "").replace("»", "")

    assert as_json
    assert as_jsonl == as_json
    assert [row["url"] for row in as_csv] == [row["url"] for row in as_json]
    assert all(row["title"] in table for row in as_json)


def test_query_keeps_to_the_topic_the_time_and_the_limit(demo_home: Home) -> None:
    by_topic = json.loads(demo_home.run("query", "--topic", "Banjir", "--json").stdout)["found"]
    before = json.loads(demo_home.run("query", "--until", "2023-12-31", "--json").stdout)["found"]
    newest = json.loads(demo_home.run("query", "--limit", "3", "--json").stdout)["found"]

    assert by_topic
    assert all("Banjir" in each["topics"] for each in by_topic)
    assert TITLE in [each["title"] for each in before]
    assert all(each["published_at"] < "2024-01-01" for each in before)
    assert len(newest) == 3
    assert newest == sorted(newest, key=lambda each: each["published_at"], reverse=True)


def test_pages_follow_each_other_by_the_cursor(demo_home: Home) -> None:
    everything = json.loads(demo_home.run("query", "di", "--limit", "500", "--json").stdout)["found"]
    first = json.loads(demo_home.run("query", "di", "--limit", "3", "--json").stdout)

    second = json.loads(
        demo_home.run("query", "di", "--limit", "500", "--cursor", first["next_cursor"], "--json").stdout
    )

    assert first["found"] + second["found"] == everything
    assert second["next_cursor"] is None
    assert f"--cursor {first['next_cursor']}" in demo_home.run("query", "di", "--limit", "3").stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--cursor", "nonsense"), "is no cursor; take the one that the page before ended with"),
        (("--cursor", ""), "is no cursor"),
        (("--author", "?"), "the author's name has no letter"),
        (("x OR (topic:banjir AND " * 3,), "query, column"),
    ],
)
def test_a_wrong_wish_is_one_line(demo_home: Home, wrong: tuple[str, ...], told: str) -> None:
    done = demo_home.run("-q", "query", *wrong)

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert told in done.stderr


def test_the_cursor_of_another_search_is_refused(demo_home: Home) -> None:
    cursor = json.loads(demo_home.run("query", "di", "--limit", "3", "--json").stdout)["next_cursor"]

    assert "belongs to another search" in demo_home.run("query", "banjir", "--cursor", cursor).stderr
    assert "belongs to another" in demo_home.run("query", "di", "--sort", "relevance", "--cursor", cursor).stderr


def test_hits_are_marked_in_title_and_snippet(demo_home: Home) -> None:
    (found, *_) = json.loads(demo_home.run("query", '"kim jong un"', "--json").stdout)["found"]

    marked = [found["snippet"][start:end] for start, end in found["snippet_marks"]]
    assert {each.casefold() for each in marked} == {"kim jong un"}
    assert "«Kim Jong Un»" in demo_home.run("query", '"kim jong un"').stdout


def test_relevance_says_that_it_ranks_the_newest_only(demo_home: Home) -> None:
    done = demo_home.run("query", "putin", "--sort", "relevance")

    assert "that were found, and no older ones" in done.stderr
    assert json.loads(demo_home.run("query", "putin", "--sort", "relevance", "--json").stdout)["ranked"] > 0


@pytest.mark.parametrize("by", ["day", "topic", "section", "region", "author"])
def test_what_is_found_is_counted_for_charts(demo_home: Home, by: str) -> None:
    rows = json.loads(demo_home.run("query", "banjir", "--count-by", by, "--json").stdout)
    found = json.loads(demo_home.run("query", "banjir", "--limit", "10000", "--json").stdout)["found"]
    as_csv = list(
        csv.DictReader(io.StringIO(demo_home.run("query", "banjir", "--count-by", by, "--format", "csv").stdout))
    )

    assert [row["articles"] for row in rows] == [int(row["articles"]) for row in as_csv]
    if by in {"day", "section", "region"}:
        assert sum(row["articles"] for row in rows) == len(found)
    assert demo_home.run("query", "xyzzyx", "--count-by", by).stdout == ""


def test_nothing_found_is_said_on_stderr_and_is_no_error(demo_home: Home) -> None:
    done = demo_home.run("query", "xyzzyx")

    assert (done.returncode, done.stdout) == (0, "")
    assert "nothing found" in done.stderr


@pytest.mark.parametrize(
    "words", ["don't", "covid-19", "Rp10.000", "PSSI (U-23)", "5%", "a*b", "title:x", "NEAR(a b)", "-"]
)
def test_whatever_is_searched_for_is_never_a_syntax_error(words: str, demo_home: Home) -> None:
    done = demo_home.run("query", "--", words)

    assert done.returncode in (0, 2)
    assert "unexpected" not in done.stderr
    assert done.returncode == 0 or "query, column" in done.stderr


def test_a_stray_quote_is_told_with_its_column(demo_home: Home) -> None:
    done = demo_home.run("query", 'putin "kim')

    assert done.returncode == 2
    assert "query, column 7" in done.stderr


def test_an_unknown_topic_is_told_with_the_nearest(demo_home: Home) -> None:
    done = demo_home.run("query", "--topic", "banjr")

    assert done.returncode == 1
    assert "did you mean 'Banjir'?" in done.stderr


def test_readers_are_told_that_they_see_the_archive_of_the_demo(demo_home: Home) -> None:
    assert "this is the demo's" in demo_home.run("query", "putin").stderr
    assert demo_home.run("-q", "query", "putin").stderr == ""


def test_without_any_archive_a_reader_is_told_what_to_do(home: Home) -> None:
    done = home.run("query", "putin")

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "tribunwatch.db" in done.stderr


def test_why_tells_the_life_of_an_address_in_any_of_its_forms(demo_home: Home) -> None:
    forms = [
        ADDRESS,
        ADDRESS.replace("www.", "m."),
        f"{ADDRESS}?page=2",
        ADDRESS.replace("www.tribunnews", "www.presnapress"),
    ]

    told = [demo_home.run("why", form) for form in forms]

    assert {done.returncode for done in told} == {0}
    assert len({done.stdout for done in told}) == 1
    assert "stored" in told[0].stdout
    assert "Konflik Rusia Vs Ukraina" in told[0].stdout


def test_why_says_never_seen_with_the_reason(demo_home: Home) -> None:
    article = demo_home.run("why", "https://www.tribunnews.com/nasional/999/tidak-ada")
    tag = demo_home.run("why", "https://www.tribunnews.com/tag/banjir")
    foreign = demo_home.run("why", "https://tribun-maluku.com/1/x")

    assert article.returncode == 1
    assert re.search(r"never seen: not in any listing since \d{4}-\d\d-\d\d \d\d:\d\d \(first crawl\)", article.stdout)
    assert re.search(r"asked +\d{4}-\d\d-\d\d \d\d:\d\d +\S+ \(https://www\.tribunnews\.com/", article.stdout)
    assert tag.returncode == 1
    assert "not an article, so it is never fetched" in tag.stdout
    assert foreign.returncode == 2
    assert len(foreign.stderr.splitlines()) == 1


def test_why_says_of_a_host_that_is_not_followed_that_it_is_not(demo_home: Home) -> None:
    done = demo_home.run("why", "https://aceh.tribunnews.com/nanggroe/1/x")
    as_json = json.loads(demo_home.run("why", "https://aceh.tribunnews.com/nanggroe/1/x", "--json").stdout)

    assert done.returncode == 1
    assert "asked     no listing of aceh.tribunnews.com was ever asked" in done.stdout
    assert "settings  not followed: host aceh.tribunnews.com; what is followed stands in site.hosts" in done.stdout
    assert as_json["life"] is None
    assert as_json["absence"]["listings"] == []
    assert as_json["not_followed"] == "not followed: host aceh.tribunnews.com"


def test_why_tells_that_nothing_was_ever_crawled(home: Home) -> None:
    home.run("archive", "upgrade")

    done = home.run("why", "https://www.tribunnews.com/nasional/999/tidak-ada")

    assert done.returncode == 1
    assert "never seen: nobody imported it, and there was no crawl yet" in done.stdout


def test_why_tells_of_an_unreadable_page_what_came_and_when_it_is_tried_again(home: Home, newsroom: Newsroom) -> None:
    url = listed(newsroom)[0]
    newsroom.answer(url, b"<html><body><h1>Judul saja</h1></body></html>")
    home.run("crawl", "www-sitemap", "--site", newsroom.url, "--archive", "a.db")

    told = home.run("why", url, "--archive", "a.db").stdout

    assert re.search(r"seen +[-0-9: ]+first, last [-0-9: ]+, once", told)
    assert re.search(r"fetched +[-0-9: ]+status 200, 45 bytes; not readable: no text; the page is kept", told)
    assert re.search(r"state +[-0-9: ]+failed: no text; attempt 2 of 5 from 20", told)


def test_why_tells_how_long_the_host_of_a_failed_link_waits(home: Home, newsroom: Newsroom) -> None:
    url = listed(newsroom)[0]
    newsroom.fail(url, 429, retry_after=1800)
    home.run("crawl", "www-sitemap", "--site", newsroom.url, "--archive", "a.db")

    told = home.run("why", url, "--archive", "a.db").stdout

    assert re.search(r"host +www\.tribunnews\.com is left alone until [-0-9: ]+: too many requests", told)


def test_why_names_the_other_articles_of_the_story(home: Home, newsroom: Newsroom) -> None:
    for name in ("011_reprint-dapur-mbg-solo", "001_dapur-mbg-lereng-merbabu"):
        (home.folder / f"{name}.html").write_bytes(newsroom.page(name))
        home.run("import", f"{name}.html")

    told = home.run("why", newsroom.address("001_dapur-mbg-lereng-merbabu")).stdout

    assert re.search(r"story +[-0-9: ]+also article 1 \(\S+\): ", told)


def test_article_show_prints_the_whole_article_by_number_and_by_address(demo_home: Home) -> None:
    number = json.loads(demo_home.run("query", "putin", "jenderal", "--json").stdout)["found"][0]["id"]

    by_number = demo_home.run("article", "show", str(number))
    by_address = demo_home.run("article", "show", ADDRESS)
    as_json = json.loads(demo_home.run("article", "show", ADDRESS, "--json").stdout)

    assert by_number.stdout == by_address.stdout
    assert TITLE in by_number.stdout
    assert as_json["article"]["dateline"] == {"brand": "TRIBUNNEWS.COM", "city": None}
    assert as_json["article"]["sign_off"] == "(oln/*/NW)"
    assert "Konflik Rusia Vs Ukraina" in as_json["topics"]


def test_an_article_that_is_not_there_is_one_line(demo_home: Home) -> None:
    done = demo_home.run("article", "show", "999999")

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1 + ("demo's" in done.stderr)


def test_topics_are_listed_with_their_counts(demo_home: Home) -> None:
    rows = {row["name"]: row for row in json.loads(demo_home.run("topic", "list", "--json").stdout)}

    assert rows["Konflik Rusia Vs Ukraina"]["articles"] >= 1
    assert "Putin" in rows["Konflik Rusia Vs Ukraina"]["keywords"]


def test_a_topic_is_tried_on_what_is_stored_before_it_is_saved(demo_home: Home) -> None:
    found = json.loads(demo_home.run("topic", "test", "--keyword", "Hertling", "--json").stdout)

    assert (found["number"], found["is_all"]) == (1, True)
    assert [row["title"] for row in found["articles"]] == [TITLE]
    assert any("Hertling (text)" in place for place in found["articles"][0]["matched"])
    assert any("[Hertling]" in place["context"] for place in found["articles"][0]["places"])


def test_words_that_are_no_topic_are_read_as_a_query_and_the_nearest_topic_is_told(demo_home: Home) -> None:
    done = demo_home.run("topic", "test", "Konflik Rusia Ukraina")

    assert done.returncode == 0
    assert "read as a query; there is a topic 'Konflik Rusia Vs Ukraina'" in done.stderr


def test_listings_show_when_they_were_asked(demo_home: Home) -> None:
    rows = json.loads(demo_home.run("listing", "list", "--json").stdout)

    assert all(row["asked_at"] for row in rows)
    assert sum(row["links"] for row in rows) > 0


def test_a_listing_shows_what_it_gave_and_that_it_may_be_asked(demo_home: Home) -> None:
    shown = json.loads(demo_home.run("listing", "show", "www-sitemap", "--json").stdout)
    printed = demo_home.run("listing", "show", "www-sitemap").stdout
    absent = demo_home.run("listing", "show", "www-indeks")

    assert (shown["host"], shown["waits_until"], shown["requests_per_day"]) == ("www.tribunnews.com", None, 10_000)
    assert shown["robots"]["allows"]
    assert shown["requests_today"] > 0
    assert "at any time" in printed
    assert f"{shown['requests_today']} of 10000 requests of today" in printed
    assert absent.returncode == 2
    assert "did you mean 'www-index'?" in absent.stderr


def test_a_listing_whose_host_is_left_alone_tells_until_when_and_why(home: Home, newsroom: Newsroom) -> None:
    newsroom.fail("/sitemap.xml", 429, retry_after=1800)
    place = ("--archive", "a.db")
    home.run("crawl", "www-sitemap", "--site", newsroom.url, *place)

    shown = json.loads(home.run("listing", "show", "www-sitemap", "--json", *place).stdout)
    printed = home.run("listing", "show", "www-sitemap", *place).stdout
    listed = home.run("listing", "list", *place).stdout
    examined = home.run("doctor", "--site", newsroom.url, *place)
    read = home.run("read", next(url for url in newsroom.addresses if "//www." in url), "--site", newsroom.url, *place)

    told = "too many requests (429), asked for a pause of 1800 s"
    assert shown["waits_until"] is not None
    assert shown["waits_for"] == told
    assert shown["last_reason"] == "too many requests (429)"
    assert re.search(rf"may be asked +not before [-0-9: ]+ WIB: {re.escape(told)}", printed)
    assert re.search(r"www-sitemap .* WIB .*com/sitemap.xml", listed)
    assert re.search(rf"NOT OK  hosts: left alone.* www.tribunnews.com until .*{re.escape(told)}", examined.stdout)
    assert read.returncode == 1
    assert re.search(rf"error: .*: its host is left alone until [-0-9: ]+ WIB: {re.escape(told)}", read.stderr)
    assert len(newsroom.requested) == 2


def test_crawls_are_listed_and_shown(demo_home: Home) -> None:
    crawls = json.loads(demo_home.run("crawls", "list", "--json").stdout)
    shown = demo_home.run("crawls", "show", str(crawls[-1]["crawl_id"])).stdout
    absent = demo_home.run("crawls", "show", "77")

    assert crawls[-1]["state"] == "succeeded"
    assert f"{crawls[-1]['report']['stored']} stored" in shown
    assert absent.returncode == 1


def test_a_sound_archive_is_called_sound(demo_home: Home) -> None:
    done = demo_home.run("archive", "check")

    assert done.returncode == 0
    assert "is sound" in done.stdout


def test_config_show_tells_where_each_value_comes_from(home: Home) -> None:
    (home.folder / "mine.toml").write_text("[spider]\ndownload_delay_s = 5.0\n")

    done = home.run(
        "config",
        "show",
        "-c",
        "mine.toml",
        "--archive",
        "a.db",
        "--json",
        environment={"TRIBUNWATCH_SPIDER_CONTACT": "me@example.org"},
    )

    shown = json.loads(done.stdout)
    assert shown["archive.path"]["origin"] == "flag --archive"
    assert shown["spider.contact"] == {"value": "me@example.org", "origin": "environment TRIBUNWATCH_SPIDER_CONTACT"}
    assert shown["spider.download_delay_s"] == {"value": 5.0, "origin": "file mine.toml"}
    assert shown["spider.download_timeout_s"]["origin"] == "default"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[spider]\ndownload_dely_s = 5\n", "download_delay_s"),
        ("[spider]\ndownload_delay_s = 0\n", "download_delay_s"),
        ("[spider\n", "line 1"),
    ],
)
def test_wrong_settings_stop_every_door_with_a_line_that_names_them(settings: str, said: str, home: Home) -> None:
    (home.folder / "mine.toml").write_text(settings)

    for command in (["config", "check"], ["query", "x"], ["crawl"], ["demo", "--once"]):
        done = home.run("-c", "mine.toml", *command)
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
        assert len(done.stderr.splitlines()) == 1
