"""Listings as the site sends them, for the tests that read them."""

from datetime import timedelta, timezone

from crawler.site import ListingPage

SITEMAP_URL = "https://www.tribunnews.com/nasional/sitemap-news.xml"
INDEX_URL = "https://www.tribunnews.com/index-news"
WIB, WITA, WIT = (timezone(timedelta(hours=hours)) for hours in (7, 8, 9))
NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)


def sitemap(*entries: str) -> bytes:
    return f'<?xml version="1.0"?>\n<urlset {NAMESPACES}>{"".join(entries)}</urlset>'.encode()


def entry(url: str, *, title: str = "", moment: str = "", keywords: str = "") -> str:
    return f"""
      <url>
        <loc><![CDATA[{url}]]></loc>
        <news:news>
          <news:publication><news:name><![CDATA[Tribunnews]]></news:name></news:publication>
          <news:publication_date><![CDATA[{moment}]]></news:publication_date>
          <news:title><![CDATA[{title}]]></news:title>
          <news:keywords><![CDATA[{keywords}]]></news:keywords>
        </news:news>
      </url>"""


def index(*urls: str) -> bytes:
    children = "".join(f"<sitemap><loc>{url}</loc><lastmod>2026-07-24</lastmod></sitemap>" for url in urls)
    return f'<?xml version="1.0"?><sitemapindex {NAMESPACES}>{children}</sitemapindex>'.encode()


def page(*rows: str, pager: str = "") -> bytes:
    return f"""<!DOCTYPE html><html lang="id-ID"><head><title>Indeks Berita</title></head><body>
      <script>var row = "<ul class='lsi'><li><h3><a href='/nasional/666/dari-script'>x</a></h3></li></ul>";</script>
      <ul class="menu"><li><h3><a href="/nasional/777/dari-menu">Menu</a></h3></li></ul>
      <ul class="lsi">{"".join(rows)}</ul>
      <div id="paginga"><div class="paging">{pager}</div></div></body></html>""".encode()


def row(href: str, title: str = "Judul", printed: str = "Jumat, 24 Juli 2026 17:25 WIB") -> str:
    return f"""<li class="ptb15">
      <time class="grey">{printed}</time>
      <h4 class="red fbo2 f14"><a href="https://www.tribunnews.com/topic/banjir" title="Banjir">Banjir</a></h4>
      <h3 class="f16 fbo"><a href="{href}" title="{title}">
          {title}
      </a></h3></li>"""


def urls(found: ListingPage) -> list[str]:
    return [link.url for link in found.links]


ERROR_PAGE = (
    b"<!DOCTYPE html><html><head><title>403 Forbidden</title></head><body><p>Request blocked.<br></body></html>"
)
