from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.spider import failures
from crawler.spider.failures import FetchError
from crawler.spider.redirects import Purpose, next_address

ARTICLE = "https://www.tribunnews.com/nasional/7845771/banjir?page=all"
LISTING = "https://www.tribunnews.com/nasional/sitemap-news.xml"


def reason(asked: tuple[str, ...], location: str | None, purpose: Purpose) -> str:
    with pytest.raises(FetchError) as caught:
        next_address(asked, location, purpose)
    assert caught.value.url == asked[0]
    return caught.value.reason


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        (
            "/nasional/7845771/banjir-di-demak?page=all",
            "https://www.tribunnews.com/nasional/7845771/banjir-di-demak?page=all",
        ),
        ("https://www.tribunnews.com/nasional/7845771/baru", "https://www.tribunnews.com/nasional/7845771/baru"),
        (
            "http://m.tribunnews.com/nasional/7845771/baru?page=2",
            "https://www.tribunnews.com/nasional/7845771/baru?page=2",
        ),
        ("https://jabar.tribunnews.com/2024/01/23/banjir", "https://jabar.tribunnews.com/2024/01/23/banjir"),
        ("//www.tribunnews.com/amp/regional/1234567/x?utm_source=y", "https://www.tribunnews.com/regional/1234567/x"),
    ],
)
def test_an_article_may_lead_to_any_address_of_an_article(location: str, leads_to: str) -> None:
    assert next_address((ARTICLE,), location, "article") == leads_to


@pytest.mark.parametrize(
    "location", ["/", "/nasional", "/tag/banjir", "/login?next=/x", "https://account.tribunnews.com/"]
)
def test_an_article_may_not_lead_to_what_is_none(location: str) -> None:
    assert reason((ARTICLE,), location, "article") == failures.REDIRECT_ELSEWHERE


@pytest.mark.parametrize(
    "location",
    [
        *(
            "https://evil.example/nasional/7845771/x",
            "http://127.0.0.1/nasional/7845771/x",
            "http://2130706433/",
            "file:///etc/passwd",
        ),
        *(
            "http://[::ffff:127.0.0.1]/",
            "https://localhost/",
            "data:text/html,x",
            "https://www.tribunnews.com@evil.example/",
        ),
        *(
            "https://tribunnews.com.evil.example/",
            "https://tribun-maluku.com/x",
            "ftp://www.tribunnews.com/x",
            "javascript:0",
        ),
        "https://www.tribunnews.com:8443/nasional/7845771/x",
        # Other schemes.
        *("gopher://www.tribunnews.com/x", "ws://www.tribunnews.com/x", "view-source:https://www.tribunnews.com/x"),
        *("s3://www.tribunnews.com/x", "blob:https://www.tribunnews.com/x", "FILE:///etc/passwd", "about:blank"),
        *("mailto:x@tribunnews.com", "intent://www.tribunnews.com/x#Intent;end", "jar:https://www.tribunnews.com!/x"),
        # Private addresses, however they are written.
        *("//127.0.0.1/x", "//localhost/x", "https://127.1/x", "https://0177.0.0.1/x", "https://0x7f000001/x"),
        *("https://0/x", "https://[::1]/x", "https://[fe80::1%25eth0]/x", "https://10.0.0.1:443/x"),
        *("https://169.254.169.254/latest/meta-data/", "https://[64:ff9b::7f00:1]/x", "https://127.0.0.1.nip.io/x"),
        # Other hosts that look like ours, and names before the host.
        *("https://www.tribunnews.com:x@127.0.0.1/x", "https://user@evil.example/www.tribunnews.com/x"),
        *(
            "https://evil.example#www.tribunnews.com",
            "https://evil.example?www.tribunnews.com",
            "https://tribunnews.co/x",
        ),
        *(
            "https://evil.example\\@www.tribunnews.com/x",
            "https://www-tribunnews.com/x",
            "https://eviltribunnews.com/x",
        ),
        *(
            "https://www.tribunnews.com%2eevil.example/x",
            "https://www.tr\u0456bunnews.com/x",
            "https://tribunnews.com.id/x",
        ),
        *("https://balitribune.co.id/x", "https://borneotribun.com/x", "https://indotribun.id/x", "//evil.example/x"),
        *("https://www.tribunnews.com:80443/x", "https://www.tribunnews.com:0/x"),
    ],
)
@pytest.mark.parametrize("purpose", ["article", "listing", "robots"])
def test_nothing_leads_out_of_the_network(location: str, purpose: Purpose) -> None:
    assert reason((ARTICLE,), location, purpose) == failures.REDIRECT_FOREIGN


PIECES = (
    "https:",
    "http:",
    "//",
    "/",
    "\\",
    "@",
    ":",
    "#",
    "?",
    ".",
    "%2e",
    "www",
    "tribunnews",
    "com",
    "evil.example",
    "[",
)


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)),
    st.sampled_from(["article", "listing", "robots"]),
)
def test_whatever_a_redirect_says_it_leads_to_a_host_of_the_network_by_https_or_nowhere(
    location: str, purpose: Purpose
) -> None:
    try:
        following = next_address((ARTICLE,), location, purpose)
    except FetchError:
        return

    parts = urlsplit(following)
    assert (parts.scheme, parts.port, parts.username) == ("https", None, None)
    assert parts.hostname is not None
    assert parts.hostname.endswith((".tribunnews.com", ".tribunnewswiki.com"))


@pytest.mark.parametrize("location", ["", None, "//["])
def test_a_redirect_without_an_address_is_told(location: str | None) -> None:
    assert reason((ARTICLE,), location, "article") == failures.REDIRECT_NOWHERE


@pytest.mark.parametrize(
    "location",
    [
        ARTICLE,
        "?page=all",
        "http://m.tribunnews.com/nasional/7845771/banjir?page=all",
        "/amp/nasional/7845771/banjir?page=all#x",
    ],
)
def test_a_redirect_to_itself_in_whatever_spelling_is_a_circle(location: str) -> None:
    assert reason((ARTICLE,), location, "article") == failures.REDIRECT_LOOP


def test_a_redirect_back_to_an_earlier_address_is_a_circle() -> None:
    asked = (ARTICLE, "https://www.tribunnews.com/nasional/7845771/banjir")

    assert reason(asked, ARTICLE, "article") == failures.REDIRECT_LOOP


def test_five_redirects_are_followed_and_the_sixth_is_not() -> None:
    asked = tuple(f"https://www.tribunnews.com/nasional/7845771/banjir-{number}" for number in range(6))
    following = "https://www.tribunnews.com/nasional/7845771/banjir-6"

    assert next_address(asked[:5], following, "article") == following
    assert reason(asked, following, "article") == failures.REDIRECT_LIMIT


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("/nasional/sitemap-news.xml/", "https://www.tribunnews.com/nasional/sitemap-news.xml/"),
        (
            "http://www.tribunnews.com/nasional/sitemap-news.xml?v=2",
            "https://www.tribunnews.com/nasional/sitemap-news.xml?v=2",
        ),
    ],
)
def test_a_listing_may_lead_to_another_spelling_of_itself(location: str, leads_to: str) -> None:
    assert next_address((LISTING,), location, "listing") == leads_to


@pytest.mark.parametrize(
    "location",
    ["/", "/regional/sitemap-news.xml", "https://jabar.tribunnews.com/nasional/sitemap-news.xml", ARTICLE],
)
def test_a_listing_may_not_lead_to_another_one(location: str) -> None:
    assert reason((LISTING,), location, "listing") == failures.REDIRECT_ELSEWHERE


def test_robots_txt_may_lead_to_another_host_of_the_network() -> None:
    asked = ("https://jabar.tribunnews.com/robots.txt",)

    assert (
        next_address(asked, "https://www.tribunnews.com/robots.txt", "robots")
        == "https://www.tribunnews.com/robots.txt"
    )
