"""The lists of home and section pages, with the traps of the real ones."""

from datetime import datetime

import pytest

from crawler.article import Link
from crawler.site import ListingPage, identify, parse_listing
from seeds.newsroom import Newsroom
from tests.site.listing_bodies import (
    WIB,
)


@pytest.mark.fact("2.4.3")
@pytest.mark.fact("7.12")
@pytest.mark.fact("7.13")
def test_a_list_of_a_home_page_is_read_with_pinned_rows_and_without_adverts() -> None:
    body = b"""<div class="lsi"><ul id="latestul">
      <li class="reserved_box_ads p1520 nativeads"><h3><a href="/news/666/iklan">Iklan</a></h3></li>
      <li class="p1520 art-list pos_rel" data-sort="1">
        <a href="2024/01/23/a" title="A"><img alt="x"></a>
        <h4 class="fbo2"><a href="https://madura.tribunnews.com/topics/berita-sampang">Berita Sampang</a></h4>
        <h3><a href="https://madura.tribunnews.com/2024/01/23/a" title="A">A </a></h3>
        <div><a href="https://madura.tribunnews.com/madura">Madura</a></div>
        <time class="foot timeago" title="2024-01-23 17:01:36">32 menit lalu </time>
        <div class="sharecot" data-href="https://www.tribunnews.com/2024/01/23/a"></div></li>
      <li class="p1520 art-list pos_rel cindex" data-sort="1">
        <h3><a href="https://madura.tribunnews.com/2024/01/20/b">B</a></h3>
        <time class="foot timeago" title="2024-01-20 18:52:35">2 hari lalu</time></li>
      <li sort="2"><h3><a href="/2024/01/23/c" title="C"><img alt=""></a></h3>
        <time class="foot">3 menit lalu</time></li>
      <li class="art-list"><div class="nativeads"></div></li></ul></div>"""

    found = parse_listing("https://madura.tribunnews.com/", "home", body)

    assert found == ListingPage(
        links=(
            Link(
                "https://madura.tribunnews.com/2024/01/23/a",
                title="A",
                published_at=datetime(2024, 1, 23, 17, 1, 36, tzinfo=WIB),
                published_from="index+host-zone",
            ),
            Link(
                "https://madura.tribunnews.com/2024/01/20/b",
                title="B",
                published_at=datetime(2024, 1, 20, 18, 52, 35, tzinfo=WIB),
                published_from="index+host-zone",
            ),
            Link("https://madura.tribunnews.com/2024/01/23/c", title="C"),
        )
    )


MOBILE = b"""<div class="lsi bgwhite"><ul id="latestul">
  <li class="art-list pos_rel p1520"><div class="box__reserved mh10 nativeads">
    <h3><a href="https://m.tribunnews.com/iklan/901/penawaran">Iklan</a></h3></div></li>
  <li sort="1"><div class="fr"><a href="/bisnis/2022/01/28/a"><img data-src="x" class="lozad"></a></div>
    <div class="fbo2 f13 red"><a href="https://m.tribunnews.com/topic/harga">Harga</a></div>
    <h3><a href="https://m.tribunnews.com/bisnis/2022/01/28/a" class="fbo2 f16 ln22 txt-oev-3"> A </a></h3>
    <h4><a href="https://m.tribunnews.com/bisnis">Bisnis</a></h4><time class="foot">3 menit lalu </time></li>
  <li class="cindex"><h3><a href="https://m.tribunnews.com/regional/2022/01/20/b">B</a></h3>
    <time class="foot">8 hari lalu</time></li>
  <li sort="2"><h3><a href="2022/01/28/c" title="C"><img alt=""></a></h3></li></ul></div>
  <div id="ltldmr">Tampilkan lainnya</div>"""


@pytest.mark.fact("2.4.4")
@pytest.mark.fact("7.12")
def test_in_a_mobile_list_the_class_of_articles_marks_adverts_and_no_time_is_made_up() -> None:
    found = parse_listing("https://m.tribunnews.com/", "home", MOBILE)

    assert found.links == (
        Link("https://m.tribunnews.com/bisnis/2022/01/28/a", title="A"),
        Link("https://m.tribunnews.com/regional/2022/01/20/b", title="B"),
        Link("https://www.tribunnews.com/2022/01/28/c", title="C"),
    )


@pytest.mark.fact("1.3.6")
@pytest.mark.fact("2.2.6")
@pytest.mark.fact("2.4.5")
@pytest.mark.fact("7.24")
@pytest.mark.parametrize(
    "printed",
    [
        b'<div class="paging"><a href="/?page=2">Next</a></div>',
        b'<div id="ltldmr">Tampilkan lainnya</div><a href="/index-news">Indeks</a>',
        b'<meta http-equiv="Refresh" content="900">',
    ],
)
def test_a_home_page_has_no_next_page_whatever_it_prints(printed: bytes) -> None:
    url = "https://m.tribunnews.com/"

    found = parse_listing(url, "home", MOBILE + printed)

    assert not found.has_next
    assert found.links == parse_listing(url, "home", MOBILE).links


@pytest.mark.fact("2.4.3")
@pytest.mark.fact("2.4.4")
@pytest.mark.parametrize("host", ["www", "m", "jabar"])
def test_the_lists_of_the_newsroom_give_its_newest_articles_and_nothing_else(host: str) -> None:
    with Newsroom(articles=200) as newsroom:
        url = f"https://{host}.tribunnews.com/"
        body = newsroom.served(url)
        addresses = {identify(each).key for each in newsroom.addresses}

    found = parse_listing(url, "home", body)

    assert len(found.links) == 21
    assert {identify(link.url).key for link in found.links} <= addresses
    assert found.refused == {}
