import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spider.robots import read_robots

ARTICLE = "https://www.tribunnews.com/nasional/7845771/banjir"
TAG = "https://www.tribunnews.com/tag/banjir"
# As the site has it, shortened.
RULES = (
    b"User-agent: *\nDisallow: /tag/\nDisallow: /ajax/\n\nUser-agent: Googlebot\nAllow: /\n\nSitemap: https://x/s.xml\n"
)


def test_the_rules_of_the_site_allow_articles_and_forbid_tags() -> None:
    robots = read_robots(200, RULES)

    assert robots.allows(ARTICLE)
    assert not robots.allows(TAG)
    assert robots.unreachable is None


def test_rules_for_our_own_name_come_before_those_for_all() -> None:
    robots = read_robots(200, b"User-agent: *\nAllow: /\n\nUser-agent: tribunwatch\nDisallow: /nasional/\n")

    assert not robots.allows(ARTICLE)
    assert robots.allows(TAG)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451])
def test_where_there_is_no_file_all_is_allowed(status: int) -> None:
    assert read_robots(status, RULES).allows(TAG)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 599, 300, 304])
def test_where_the_host_cannot_say_nothing_is_allowed(status: int) -> None:
    robots = read_robots(status, b"User-agent: *\nAllow: /\n")

    assert not robots.allows(ARTICLE)
    assert robots.unreachable == f"status {status}"


@pytest.mark.parametrize("body", [b"", b"\n\n", b"<html><body>not found</body></html>", b"\x00\x01\xff" * 100])
def test_a_file_without_rules_allows_everything(body: bytes) -> None:
    assert read_robots(200, body).allows(TAG)


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + RULES,
        RULES.replace(b"\n", b"\r\n"),
        RULES.replace(b"\n", b"\r"),
        RULES.replace(b"*", b"*\x00"),
        RULES.decode().encode("utf-16"),
        b"# \xff\xfe comment\n" + RULES,
    ],
)
def test_rules_are_read_in_odd_spellings(body: bytes) -> None:
    robots = read_robots(200, body)

    assert not robots.allows(TAG)
    assert robots.allows(ARTICLE)


def test_a_rule_at_the_end_of_500_kib_is_still_obeyed() -> None:
    body = b"User-agent: *\n" + b"# filler\n" * 55_000
    body = body[: 500 * 1024 - len(b"Disallow: /tag/\n")].rsplit(b"\n", 1)[0] + b"\nDisallow: /tag/\n"

    assert not read_robots(200, body + b"Allow: /tag/banjir/sekali\n" * 100_000).allows(TAG)


def test_a_rule_cut_in_two_by_the_limit_is_left_out() -> None:
    filler = b"#" * (512 * 1024 - len(b"User-agent: *\n") - len(b"\nDisallow: /"))
    body = b"User-agent: *\n" + filler + b"\nDisallow: /tag/\n"

    assert read_robots(200, body).allows(ARTICLE)


@pytest.mark.parametrize(
    ("asked", "delay_s"),
    [
        ("5", 5.0),
        ("0.5", 0.5),
        ("0", 0.0),
        ("1e9", 1e9),
        ("86400", 86400.0),
        ("-1", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
        ("x", 0.0),
    ],
)
def test_the_crawl_delay_is_read_as_a_number_of_seconds(asked: str, delay_s: float) -> None:
    assert read_robots(200, f"User-agent: *\nCrawl-delay: {asked}\n".encode()).delay_s == delay_s


@given(st.binary(max_size=300))
def test_no_file_whatever_it_holds_breaks_the_crawl(body: bytes) -> None:
    robots = read_robots(200, body)

    assert robots.delay_s >= 0
    assert robots.allows(ARTICLE) in {True, False}
