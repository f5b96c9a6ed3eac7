"""robots.txt and the sitemaps: the index, the news of a section with title, time and tags, and the plain ones."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from seeds import noise
from seeds.body import Body, body_of
from seeds.desk import Entry
from seeds.sites import DASHED_SITEMAPS, JAKARTA, WWW, Site, slug_of

SITEMAP_LENGTH = 100

ROBOTS = """\
User-agent: *
Disallow: /api/
Disallow: /posts/
Disallow: /ajax/
Disallow: /json/
Disallow: /auth/
Disallow: /member/
Disallow: /komentar/
Disallow: /search
Disallow: /tag/
Disallow: /topic/

User-agent: Googlebot
Allow: /

User-agent: Googlebot-News
Allow: /

User-agent: Bingbot
Allow: /

Sitemap: https://{host}/sitemap.xml
"""

_SITEMAP_NS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_NS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
_IMAGE_NS = 'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
_SITEMAP_PATH = re.compile(r"/(?:(?P<section>[a-z0-9-]+)/)?sitemap(?:(?P<joint>[-_])(?P<kind>news|web|images))?\.xml")


def sections_of(entries: Iterable[Entry], site: Site) -> list[str]:
    """Return the sections of a site: those of its articles, and on www those of its menu."""
    known = set(noise.SECTIONS) if site.host == WWW else set()
    return sorted(known | {entry.section for entry in entries if entry.section})


def sitemap(site: Site, path: str, entries: Sequence[Entry]) -> Body | None:
    """Return the sitemap or sitemap index at a path; None if the site has none there.

    www names them `nasional/sitemap-news.xml`. Most regional sites write an underscore, keep theirs at the root and
    name a second index inside the first.
    """
    found = _SITEMAP_PATH.fullmatch(path)
    if found is None:
        return None
    section, kind = found["section"], found["kind"]
    is_dashed = site.host in DASHED_SITEMAPS
    sections = sections_of(entries, site)
    if (kind and (found["joint"] == "-") != is_dashed) or (section and section not in {*sections, "iklan-online"}):
        return None
    listed = [entry for entry in entries if entry.section == section] if section else list(entries)
    match kind:
        case None:
            return _sitemap_index(site, section, sections)
        case "news":
            return _news_sitemap(site, listed[:SITEMAP_LENGTH])
        case "web":
            return _urlset("", (f"<lastmod>{_second(entry.modified_at)}</lastmod>" for entry in listed), listed)
        case _:
            picture = "https://asset-2.tribunnews.com/foto/"
            image = f"<image:image><image:loc>{picture}{{}}.jpg</image:loc></image:image>"
            return _urlset(f" {_IMAGE_NS}", (image.format(entry.content_id) for entry in listed), listed)


def _sitemap_index(site: Site, section: str | None, sections: Sequence[str]) -> Body:
    root = f"https://{site.host}/"
    if site.host == WWW and section is None:
        names = [f"{each}/sitemap-{kind}.xml" for each in sections for kind in ("news", "web", "images")]
    elif section:
        joint = "-" if site.host in DASHED_SITEMAPS else "_"
        names = [f"{section}/sitemap{joint}{kind}.xml" for kind in ("news", "web")]
    elif site.host in DASHED_SITEMAPS:
        names = [f"{each}/sitemap-{kind}.xml" for each in sections for kind in ("news", "web")]
    else:
        names = ["sitemap_news.xml", "sitemap_web.xml", "iklan-online/sitemap_web.xml"]
        names += [f"{each}/sitemap.xml" for each in sections]
    rows = "".join(f"  <sitemap>\n    <loc>{root}{name}</loc>\n  </sitemap>\n" for name in names)
    return body_of(f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP_NS}>\n{rows}</sitemapindex>\n')


def _news_sitemap(site: Site, entries: Sequence[Entry]) -> Body:
    rows = [_news(entry.url, entry.published_at, entry.title, entry.tags) for entry in entries]
    if entries:
        # The site lists one of its own tag pages among the articles.
        tag = entries[0].tags[0] if entries[0].tags else "Berita Hari Ini"
        url = f"https://{site.host}/tag/{slug_of(tag)}"
        rows.insert(min(3, len(rows)), _news(url, entries[0].published_at, tag, (tag,)))
    return body_of(f'<?xml version="1.0"?>\n<urlset {_SITEMAP_NS} {_NEWS_NS}>\n{"".join(rows)}</urlset>\n')


def _news(url: str, published_at: datetime, title: str, tags: Sequence[str]) -> str:
    return (
        f"  <url>\n    <loc>{_cdata(url)}</loc>\n    <news:news>\n      <news:publication>\n"
        f"        <news:name>{_cdata('Tribunnews')}</news:name>\n        <news:language>"
        f"{_cdata('id')}</news:language>\n"
        f"      </news:publication>\n      <news:publication_date>"
        f"{_cdata(_second(published_at))}</news:publication_date>\n"
        f"      <news:title>{_cdata(title)}</news:title>\n      <news:keywords>"
        f"{_cdata(', '.join(tags))}</news:keywords>\n"
        "    </news:news>\n  </url>\n"
    )


def _urlset(spaces: str, inner: Iterable[str], entries: Sequence[Entry]) -> Body:
    rows = "".join(
        f"  <url><loc>{_cdata(entry.url)}</loc>{more}</url>\n" for entry, more in zip(entries, inner, strict=True)
    )
    return body_of(f'<?xml version="1.0"?>\n<urlset {_SITEMAP_NS}{spaces}>\n{rows}</urlset>\n')


def _cdata(text: str) -> str:
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _second(moment: datetime) -> str:
    return moment.astimezone(JAKARTA).isoformat(timespec="seconds")
