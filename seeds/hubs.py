"""Home and section pages, desktop and mobile, with the traps of the real lists; and the feeds of the site."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from seeds import noise
from seeds.body import Body, body_of, join
from seeds.desk import Entry
from seeds.listing_pages import PER_PAGE, site_page
from seeds.pages import site_header
from seeds.sites import JAKARTA, WWW, Site, slug_of

MOBILE = "m.tribunnews.com"
FEED_LENGTH = 30


def section_page(site: Site, section: str | None, entries: Sequence[Entry], now: datetime) -> Body:
    """Return the front page of a site or section as a desktop sees it: its newest; it knows no pages."""
    listed, pinned = _listed(entries, section)
    rows = [_row(entry, site, place, now) for place, entry in enumerate(listed, start=1)]
    if pinned:
        # An old article is pinned among new ones, and its row says that it belongs to www.
        rows.insert(1, _row(pinned, site, 1, now, is_pinned=True))
    rows.insert(
        0, "<li class='reserved_box_ads reserved_box_5 pos_rel p1520 nativeads'><div id='div-Native-1'></div></li>\n"
    )
    return site_page(
        site,
        (_name(site, section), f"https://{site.host}/{section or ''}"),
        now,
        f'<div class="bsh ovh"><div class="lsi">\n<ul id="latestul">\n{"".join(rows)}</ul>\n</div></div>\n'
        '<div id="ltldmr">Tampilkan lainnya</div>\n<a href="/index-news">Indeks</a>\n',
    )


def mobile_section_page(site: Site, section: str | None, entries: Sequence[Entry], now: datetime) -> Body:
    """Return the same as a telephone sees it: here the adverts have the class that articles have on a desktop."""
    listed, pinned = _listed(entries, section)
    rows = [_mobile_row(entry, place, now) for place, entry in enumerate(listed, start=1)]
    if pinned:
        rows.insert(1, _mobile_row(pinned, None, now))
    advert = (
        '<li class="art-list pos_rel p1520">\n\t<div class="box__reserved mh10 nativeads">\n\t\t'
        "<div id='div-NativeAds-Latest-{}'>\n<h3><a href=\"https://{}/iklan/{}/penawaran-hari-ini\">Iklan</a></h3>\n"
        "\t\t</div>\n\t</div>\n</li>"
    )
    rows[:0] = [advert.format(number, site.host, 900 + number) for number in (1, 2)]
    today = now.astimezone(site.tzinfo).date()
    return join(
        [
            '<!DOCTYPE html>\n<html lang="id-ID">\n<head>\n<meta charset="utf-8">\n',
            f"<title>{_name(site, section)}</title>\n",
            '<meta http-equiv="Refresh" content="900">\n<meta property="og:type" content="article" />\n',
            f'<link rel="canonical" href="https://{site.host}/{section or ""}"/>\n',
            noise.head_scripts(site),
            f"</head>\n<body>\n{site_header(site, today)}",
            '<div class="ovh mb20"><div class="lsi bgwhite">\n<ul id="latestul">\n',
            *rows,
            '</ul>\n</div></div>\n<div id="ltldmr">Tampilkan lainnya</div>\n<a href="/index-news">Indeks</a>\n',
            noise.list_script(site, 0),
            noise.footer(site, today.year),
            "</body>\n</html>\n",
        ]
    )


def feed(site: Site, section: str | None, entries: Sequence[Entry], *, is_real: bool) -> Body:
    """Return the RSS of a site or section; as it was seen last, every link in it is the bare home page."""
    listed = [entry for entry in entries if section is None or entry.section == section][:FEED_LENGTH]
    home = f"https://{site.host}/"
    items = "".join(
        f"<item><title>{escape(entry.title)}</title><link>{entry.url if is_real else home}</link>"
        f'<guid isPermaLink="true">{entry.url if is_real else home}</guid>'
        f"<pubDate>{format_datetime(entry.published_at.astimezone(JAKARTA))}</pubDate>"
        f'<description><![CDATA[<img src="https://asset-2.tribunnews.com/foto/{entry.content_id}.jpg"> '
        f"{entry.title}]]></description></item>\n"
        for entry in listed
    )
    return body_of(
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel>\n'
        f"<title>{escape(site.spoken)}</title><link>{home}</link>\n{items}</channel></rss>\n"
    )


def _listed(entries: Sequence[Entry], section: str | None) -> tuple[Sequence[Entry], Entry | None]:
    listed = [entry for entry in entries if section is None or entry.section == section]
    return listed[:PER_PAGE], listed[-1] if len(listed) > PER_PAGE else None


def _name(site: Site, section: str | None) -> str:
    return f"{section.replace('-', ' ').title()} - {site.spoken}" if section else f"{site.spoken} - Berita Terkini"


def _row(entry: Entry, site: Site, place: int, now: datetime, *, is_pinned: bool = False) -> str:
    title, local = escape(entry.title), entry.published_at.astimezone(site.tzinfo)
    topic = entry.topic_line or "Berita Hari Ini"
    return (
        f'<li class="p1520 art-list pos_rel{" cindex" if is_pinned else ""}" data-sort="{place}">\n'
        f'<div class="fr mt5 pos_rel"><a href="{entry.path.lstrip("/")}" title="{title}">'
        '<img class="shou2" alt=""></a></div>\n'
        f'<div class="mr140"><h4 class="fbo2 f14 red"><a href="https://{site.host}/topics/{slug_of(topic)}">'
        f"{escape(topic)}</a></h4>\n"
        f'<h3><a href="{entry.url}" title="{title}" class="f20 ln24 fbo txt-oev-2">'
        f"{title} </a></h3>\n"
        f'<time class="foot timeago" title="{local:%Y-%m-%d %H:%M:%S}">{_ago(entry, now)}</time>\n'
        f'<div class="sharecot pos_abs nw" data-href="https://{WWW if is_pinned else site.host}{entry.path}" '
        f'data-title="{title}"></div></div>\n'
        '<div class="cl2"></div></li>\n'
    )


def _mobile_row(entry: Entry, place: int | None, now: datetime) -> str:
    title, url = escape(entry.title), f"https://{MOBILE}{entry.path}"
    mark = f'sort="{place}"' if place else 'class="cindex"'
    return (
        f"<li {mark}>\n"
        f'<div class="fr btsquare pos_rel"><a href="{url}" title="{title}">'
        '<img data-src="https://asset-2.tribunnews.com/foto/thumbnails2/x.jpg" class="lozad" alt=""></a></div>\n'
        f'<div class="m-btsquare"><div class="fbo2 f13 red"><a href="https://{MOBILE}/topic/berita">Berita</a></div>\n'
        f'<h3><a href="{url}" title="{title}" class="fbo2 f16 ln22 txt-oev-3">{title} </a></h3>\n'
        f'<div class="grey pt5 dip"><h4><a href="https://{MOBILE}/{entry.section or ""}">Seksi</a></h4>'
        f'<time class="foot">{_ago(entry, now)} </time></div></div>\n<div class="cl2"></div></li>\n'
    )


def _ago(entry: Entry, now: datetime) -> str:
    return f"{int((now - entry.published_at).total_seconds() // 60)} menit lalu"
