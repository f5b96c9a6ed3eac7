"""Addresses: what each names, and that all ways to write one come to the same."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from crawler.errors import AddressError
from crawler.site import HOSTS, identify

TABLES = tomllib.loads((Path(__file__).parent / "addresses.toml").read_text(encoding="utf-8"))
ROWS = [(name, {**table["expect"], **row}) for name, table in TABLES.items() for row in table["rows"]]
# What a case proves of the site, by words in the name of its table and in its address.
FACTS = {
    "1.1.1": r"^dated articles, without a section",
    "1.1.2": r"^dated articles, with a section",
    "1.1.3": r"^articles by number",
    "1.1.4": r"(/7844542|under another slug.*/7845771)$",
    "1.1.5": r": http://",
    "1.1.6": r"/(161230|73289|7732164|519678|1846235|1124213|997820|666836|1202250|1691137)/",
    "1.2.1": r"//m\.(tribunnews|jatim-timur)",
    "1.2.2": r"/amp/|cdn\.ampproject\.org/[cv]/",
    "1.2.3": r"/ampstory/",
    "1.2.4": r"however it is written.*//(www\.|m\.)?presnapress\.com",
    "1.2.6": r"however it is written.*[?&]page=(1|2|all)\b",
    "1.2.7": r"utm_source|_ga=",
    "1.2.8": r"ct=pilihanuntukmu",
    "1.2.9": r"jxrecoid|lgn_method|jxconn",
    "1.3.2": r"/index-news/nasional",
    "1.3.7": r"/internasional/amerika$",
    "1.3.8": r"/indeks$",
    "1.3.9": r"www\.tribunnews\.com/2024(/12)?$",
    "1.3.10": r"nothing to read.*/(tag|topics?)\b",
    "1.3.11": r"/populer",
    "1.3.12": r"/search",
    "1.3.13": r"/(penulis|editor)/",
    "1.3.14": r"sebuah-bagian-baru|tribun-etam|kota-batam|/(about|redaksi)$",
    "1.4.1": r"^videos|/video/20",
    "1.4.2": r"^photos",
    "1.4.3": r"asset-2\.",
    "1.4.4": r"^hosts of the network with nothing|^look-alikes",
    "7.2": r"^(dated )?articles|another slug",
    "7.17": r"iklan-online",
    "7.22": r"/7\.000-|terpotong|: http://|tertulis-padahal",
    "7.23": r"^look-alikes|presnapress",
}


def case(name: str, row: dict[str, Any]) -> Any:
    label = f"{name}: {row['url'][:200]}"
    facts = [pytest.mark.fact(number) for number, words in FACTS.items() if re.search(words, label)]
    return pytest.param(row, id=label[:160], marks=facts)


UNDERSTOOD = [case(name, row) for name, row in ROWS if "refused" not in row]
REFUSED = [case(name, row) for name, row in ROWS if "refused" in row]


@pytest.mark.parametrize("row", UNDERSTOOD)
def test_an_address_is_understood_as_the_table_says(row: dict[str, Any]) -> None:
    address = identify(row["url"])

    assert address.key == row["key"]
    assert address.url == row.get("canonical", row["url"])
    assert (address.host, address.region, address.kind) == (row["host"], row["region"], row["kind"])
    assert (address.section, address.content_id) == (row.get("section"), row.get("content_id"))
    assert (address.dated, address.page) == (row.get("dated"), row.get("page"))
    assert address.is_readable == (row["kind"] != "other")


@pytest.mark.parametrize("row", REFUSED)
def test_an_address_is_refused_with_the_reason_that_the_table_gives(row: dict[str, Any]) -> None:
    with pytest.raises(AddressError) as refusal:
        identify(row["url"])

    assert row["refused"] in refusal.value.reason
    assert str(refusal.value).isprintable()


def test_every_fact_has_a_case() -> None:
    proved = {mark.args[0] for each in (*UNDERSTOOD, *REFUSED) for mark in each.marks}

    assert proved == set(FACTS)


def test_the_table_holds_enough_cases_to_be_worth_reading() -> None:
    assert len(UNDERSTOOD) >= 130
    assert len(REFUSED) >= 60


@pytest.mark.parametrize(
    "url",
    [
        "https://www.tribunnews.com/nasional/7845771/" + "a" * 100_000,
        "https://www.tribunnews.com/" + "%7E" * 33_000,
        "https://" + "a." * 50_000 + "tribunnews.com/",
        "https://www.tribunnews.com/nasional/7845771/" + "é" * 400,
    ],
)
def test_an_endless_address_is_refused_and_its_error_stays_short(url: str) -> None:
    with pytest.raises(AddressError, match="longer than 2048 characters") as refusal:
        identify(url)

    assert len(str(refusal.value)) < 300


SLUGS = st.text("abcdefghijklmnopqrstuvwxyz0123456789-.", min_size=1, max_size=30).filter(lambda slug: slug.strip("."))
SECTIONS = st.sampled_from(["nasional", "news", "tribun-etam", "mata-lokal-memilih", "video", "images", "amp-berita"])
DAYS = st.dates(date(2010, 1, 1), date(2026, 12, 31)).map("{:%Y/%m/%d}".format)
IDS = st.integers(1, 10**12 - 1)
PATHS = st.one_of(
    st.builds("{}/{}/{}".format, SECTIONS, DAYS, SLUGS),
    st.builds("{}/{}".format, DAYS, SLUGS),
    st.builds("{}/{}/{}".format, SECTIONS, IDS, SLUGS),
    st.builds("images/{}/view/{}/{}".format, SECTIONS, IDS, SLUGS),
)


@st.composite
def spellings(draw: st.DrawFn, host: str, path: str) -> str:
    """One of the many ways in which the address of a page is written."""
    door = draw(st.sampled_from(["", "m.", "www."]))
    name = f"{door}{host.removeprefix('www.')}"
    if host == "www.tribunnews.com" and draw(st.booleans()):
        name = f"{door}presnapress.com"
    amp = draw(st.sampled_from(["", "/amp", "/AMP"]))
    written = "".join(
        f"%{ord(each):02x}" if each != "/" and draw(st.integers(0, 9)) == 0 else each for each in f"{amp}/{path}"
    )
    written = written.replace("/", draw(st.sampled_from(["/", "//", "/./"]))) + draw(st.sampled_from(["", "/", "//"]))
    query = draw(st.sampled_from(["", "?", "?page=2", "?page=all", "?utm_source=x&page=3", "?_ga=1&ct=y", "?q=/a/1/b"]))
    fragment = draw(st.sampled_from(["", "#", "#komentar", "#/nasional/1/x?page=9"]))
    if draw(st.booleans()):
        cache = name.replace("-", "--").replace(".", "-")
        kind = draw(st.sampled_from(["c/s", "v/s", "c", "wp/s"]))
        return f"https://{cache}.cdn.ampproject.org/{kind}/{name}{written}{query}{fragment}"
    name = draw(st.sampled_from([name, name.upper(), f"{name}."]))
    scheme, port = draw(
        st.sampled_from([("https", ""), ("http", ""), ("HTTPS", ":443"), ("http", ":80"), ("http", ":")])
    )
    return f"{scheme}://{name}{port}{written}{query}{fragment}"


@given(st.data(), st.sampled_from(sorted(HOSTS)), PATHS)
@settings(max_examples=400, deadline=None)
def test_two_ways_to_write_an_address_never_give_two_keys(data: st.DataObject, host: str, path: str) -> None:
    one, other = data.draw(spellings(host, path)), data.draw(spellings(host, path))

    assert identify(one).key == identify(other).key == identify(f"https://{host}/{path}").key
    assert identify(one).url == f"https://{host}/{path}"
    assert identify(one).is_readable


def meaning(host: str, path: str) -> tuple[str, ...]:
    """What makes an article itself: host and number, or host and whole dated path; photos count for themselves."""
    parts = path.split("/")
    if parts[0] == "images" and len(parts) == 3:
        return (host, "photo", parts[1])
    if parts[0] == "images" and parts[2] == "view":
        return (host, "photo", parts[3])
    return (host, "number", parts[1]) if len(parts) == 3 else (host, "path", path)


@given(st.data(), st.tuples(st.sampled_from(sorted(HOSTS)), PATHS), st.tuples(st.sampled_from(sorted(HOSTS)), PATHS))
@settings(max_examples=400, deadline=None)
@example(None, ("jabar.tribunnews.com", "news/12/a"), ("jabar.tribunnews.com", "images/news/view/12/a"))
@example(None, ("jabar.tribunnews.com", "news/12/a"), ("jateng.tribunnews.com", "news/12/a"))
@example(None, ("jabar.tribunnews.com", "news/12/a"), ("jabar.tribunnews.com", "news/13/a"))
@example(None, ("jabar.tribunnews.com", "2024/01/23/a"), ("jabar.tribunnews.com", "news/2024/01/23/a"))
def test_two_articles_never_share_a_key(
    data: st.DataObject | None, one: tuple[str, str], other: tuple[str, str]
) -> None:
    first, second = (data.draw(spellings(*each)) if data else f"https://{each[0]}/{each[1]}" for each in (one, other))

    assert (identify(first).key == identify(second).key) == (meaning(*one) == meaning(*other))


NEARLY = st.one_of(
    st.text(),
    st.text(max_size=60).map("https://www.tribunnews.com/{}".format),
    st.text(max_size=60).map("https://{}.tribunnews.com/nasional/7845771/x".format),
    st.text(max_size=30).map("https://jabar.tribunnews.com/2024/01/23/{}".format),
    st.text(max_size=30).map("https://m-tribunnews-com.cdn.ampproject.org/c/s/m.tribunnews.com/{}".format),
    st.lists(
        st.sampled_from(
            [*"/.%?#&=:@\\ -0a", "amp", "images", "view", "2024", "01", "%2E", "%41", "é", "nasional", "page"]
        ),
        max_size=20,
    ).map(lambda parts: "https://www.tribunnews.com/" + "".join(parts)),
)


@given(NEARLY)
@settings(max_examples=800, deadline=None)
@example("https://www.tribunnews.com/\ud800")
@example("https://www.tribunnews.com/%")
@example("https://www.tribunnews.com/amp/amp/%61mp/nasional/7845771/x")
@example("https://www.tribunnews.com/%2Famp/x")
def test_any_text_is_refused_or_folded_once_and_for_all(text: str) -> None:
    try:
        first = identify(text)
    except AddressError:
        return

    again = identify(first.url)

    assert (again.key, again.url, again.kind, again.dated) == (first.key, first.url, first.kind, first.dated)
    assert first.url.startswith(f"https://{first.host}/")
    assert first.url.isascii()
    assert first.url.isprintable()


def test_escaping_what_needs_none_changes_nothing() -> None:
    slug = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code).isalnum() or chr(code) in "-._~")
    escaped = "".join(f"%{ord(each):02X}" for each in slug)

    assert identify(f"https://jabar.tribunnews.com/2024/01/23/{escaped}").url.endswith(f"/{quote(slug)}")
