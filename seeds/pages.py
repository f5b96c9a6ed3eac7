"""The HTML of an article page in the layout that the site has had since September 2025."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from html import escape
from random import Random
from typing import Any

from seeds import boxes, noise
from seeds.blocks import lay_out
from seeds.body import Body, join
from seeds.desk import Entry, Manuscript, PageAsked
from seeds.paragraphs import Printer, attribute, text
from seeds.sites import SITES, WWW, Site, print_day, print_moment, site_of, slug_of


def article_page(manuscript: Manuscript, page: PageAsked, viewed_at: datetime) -> Body:
    """Return one page of an article, or the whole text (page "all", without a pager), as seen at a moment."""
    entry, article = manuscript.entry, manuscript.article
    site = site_of(entry.host) or SITES[WWW]
    pages = lay_out(manuscript)
    number = 1 if page == "all" else page
    blocks = [block for each in pages for block in each] if page == "all" else pages[number - 1]
    chance = Random(f"{entry.name} {number}")
    today = viewed_at.astimezone(site.tzinfo).date()
    return join(
        [
            _head(manuscript, _suffix(page), site),
            noise.head_scripts(site),
            f"</head>\n<body>\n{site_header(site, today)}",
            boxes.drawer(site),
            noise.menu(site),
            "".join(_top(entry, article, site)),
            '<div id="article_con">\n<div class="side-article txt-article multi-fontsize">\n',
            _summary(article, number),
            "\n".join(Printer(entry, article, chance).print_blocks(blocks)),
            "\n</div>\n",
            _brand_safety(article),
            "</div>\n",
            noise.recommendations(site, chance.randrange(noise.FORMS)),
            _pager(entry.url, number, len(pages)) if page != "all" and len(pages) > 1 else "",
            _tags(entry, site),
            noise.list_script(site, chance.randrange(noise.FORMS)),
            noise.latest(site, chance.randrange(noise.FORMS)),
            noise.comments(chance.randrange(noise.FORMS)),
            *boxes.round_article(site, chance),
            noise.footer(site, today.year),
            "</body>\n</html>\n",
        ]
    )


def site_header(site: Site, today: date) -> str:
    """Return the head of every page, with the day on which it is looked at."""
    return (
        f'<div class="header"><a href="https://{site.host}/" class="logo">{escape(site.spoken)}</a>'
        f'<span class="date-now grey2 f12">{print_day(today)}</span></div>\n'
    )


def _suffix(page: PageAsked) -> str:
    return " - Halaman all" if page == "all" else f" - Halaman {page}" if page > 1 else ""


def _description(article: Mapping[str, Any]) -> str:
    if article["lead"]:
        return str(article["lead"])
    return str(article["paragraphs"][0]["text"])[:150] if article["paragraphs"] else str(article["title"])


def _head(manuscript: Manuscript, suffix: str, site: Site) -> str:
    entry, article, is_premium = manuscript.entry, manuscript.article, manuscript.is_premium
    title, about = attribute(entry.title), attribute(_description(article) + suffix)
    noted = entry.host == WWW
    alternate = f"https://m.tribunnews.com{entry.path}" if noted else f"https://{entry.host}{entry.path}"
    image = next((photo["url"] for photo in article["photos"]), None)
    picture = f'<meta property="og:image" content="{attribute(image)}" />\n' if image else ""
    data = _linked_data(entry, article, image, is_premium=is_premium)
    return (
        '<!DOCTYPE html>\n<html lang="id-ID">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{text(entry.title + suffix)}</title>\n"
        f'<meta name="description" content="{about}">\n'
        f'<meta name="news_keywords" content="{attribute(", ".join(entry.tags))}" />\n'
        '<meta property="og:type" content="article" />\n'
        f'<meta property="og:title" content="{title} - {escape(site.spoken)}"/>\n'
        f'<meta property="og:description" content="{about}">\n'
        f'<meta property="og:url" content="{entry.url}" />\n{picture}'
        f'<meta property="android:app_id" content="{entry.content_id}" />\n'
        f'<link rel="canonical" href="{entry.url}"/>\n'
        f'<link rel="alternate" media="only screen and (max-width: 640px)" href="{alternate}">\n'
        f'<script type="application/ld+json">\n{data}\n</script>\n'
    )


def _linked_data(entry: Entry, article: Mapping[str, Any], image: str | None, *, is_premium: bool) -> str:
    section = (entry.section or "news").replace("-", " ").title()
    home = f"https://{entry.host}/"
    story: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": entry.url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": entry.url},
        "headline": entry.title,
        "url": entry.url,
        "description": _description(article),
        "datePublished": entry.published_at.isoformat(),
        "dateModified": entry.modified_at.isoformat(),
        "author": [_person(name, entry.host, "penulis") for name in article["authors"]],
        "editor": [_person(name, entry.host, "editor") for name in article["editors"]],
        "publisher": {
            "@type": "Organization",
            "name": "Tribunnews",
            "url": home,
            "logo": {"@type": "ImageObject", "url": "https://asset-1.tribunnews.com/img/logo.png", "width": 240},
        },
        "image": {"@type": "ImageObject", "url": image, "width": 1200, "height": 675},
        "articleSection": section,
        "keywords": list(entry.tags),
        "isAccessibleForFree": not is_premium,
    }
    if len(article["editors"]) == 1:
        story["editor"] = story["editor"][0]
    story = {key: value for key, value in story.items() if value != [] or key == "keywords"}
    if image is None:
        del story["image"]
    crumbs = [("Home", home), (section, f"{home}{entry.section or ''}")]
    trail = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(crumbs, start=1)
    ]
    graph = [story, {"@type": "BreadcrumbList", "@id": f"{entry.url}#breadcrumb", "itemListElement": trail}]
    data = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, indent=2)
    return data.replace("</", "<\\/")


def _person(name: str, host: str, role: str) -> dict[str, str]:
    return {"@type": "Person", "name": name, "url": f"https://{host}/{role}/{slug_of(name)}"}


def _top(entry: Entry, article: Mapping[str, Any], site: Site) -> Iterator[str]:
    if entry.topic_line:
        topic = attribute(entry.topic_line)
        yield f'<h2><a href="https://{entry.host}/topic/{slug_of(entry.topic_line)}" title="{topic}">{topic}</a></h2>\n'
    yield f'<h1 class="f50 black2 f400 crimson" id="arttitle">{text(entry.title)}</h1>\n'
    if article["lead"]:
        yield f'<h2 class="hide">{text(article["lead"])}</h2>\n'
    local = entry.published_at.isoformat(timespec="minutes")
    yield (
        '<div class="mt10">\n  <div class="grey bdr3 pb10 pt10">\n    <strong>Tayang:</strong> '
        f'<time datetime="{local}">{print_moment(entry.published_at, site)}</time>\n  </div>\n'
        '  <div class="f20 credit mt10">\n    <div class="fbo f13">\n'
    )
    for role, label, names in (("penulis", "Penulis", article["authors"]), ("editor", "Editor", article["editors"])):
        if names:
            links = ", ".join(
                f'<a href="https://{entry.host}/{role}/{slug_of(name)}">{text(name)}</a>' for name in names
            )
            yield f'      <div id="{role}">\n        {label}:\n        {links}\n      </div>\n'
    yield "    </div>\n  </div>\n</div>\n"
    if article["photos"]:
        yield _main_photo(article["photos"][0], entry.title)


def _main_photo(photo: Mapping[str, Any], title: str) -> str:
    url, credit, caption = attribute(photo["url"]), photo["credit"], photo["caption"]
    under = " ".join(part for part in (caption, credit) if part) if caption else ""
    return (
        f'<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div"><a class="icon_zoom glightbox" href="{url}">'
        f'<img class="imgfull" src="{url}" alt="{attribute(title)}"></a></div>'
        + (f'<div class="f11 credit">{text(credit)}</div>' if credit else "")
        + (f'<div class="arial f12 pt5 grey2">{text(under)}</div>' if under else "")
        + "</div></div>\n"
    )


def _summary(article: Mapping[str, Any], number: int) -> str:
    if number > 1 or not article["summary"]:
        return ""
    points = "\n".join(f"    <li>{text(point)}</li>" for point in article["summary"])
    return (
        '  <blockquote class="summary-article mceNonEditable"><strong class="summary-head">Ringkasan Berita:</strong>\n'
        f"  <ul>\n{points}\n  </ul>\n  </blockquote>\n"
    )


def _brand_safety(article: Mapping[str, Any]) -> str:
    """Return the script that holds the text of all pages as one string, quotes escaped."""
    whole = (
        " ".join(each["text"] for each in article["paragraphs"])
        .replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("</", "<\\/")
    )
    return f'<script type="text/javascript">\nvar keywordBrandSafety = "{whole}";\n</script>\n'


def _pager(url: str, number: int, total: int) -> str:
    links = "\n".join(_page_link(url, each, is_shown=each == number) for each in range(1, total + 1))
    return (
        '<div class="paging" style="width:100%;margin:20px 0 10px;justify-content:end;">\n'
        f'  <div class="pagination-wrap">\n    <span class="total-page">Halaman {number}/{total}</span>\n'
        f'    <div class="page-number">\n{links}\n    </div>\n  </div>\n</div>\n'
    )


def _page_link(url: str, page: int, *, is_shown: bool) -> str:
    query = f"?page={page}" if page > 1 else ""
    active, name = ' class="active"' if is_shown else "", f"Page {page}"
    return f'      <a href="{url}{query}"{active} rel="page-{page}" aria-label="{name}" title="{name}">{page}</a>'


def _tags(entry: Entry, site: Site) -> str:
    share = (
        f'<div class="share-wrapper engagement-buttons-bottom" data-domain="{site.host}" '
        f'data-content-id="{entry.content_id}" data-content-type="article"></div>\n'
    )
    if not entry.tags:
        return share
    tags = "\n".join(
        f'  <h5 class="tagcloud3"><a class="rd2" href="https://{site.host}/tag/{slug_of(tag)}" '
        f'title="{attribute(tag)}">{text(tag)}</a></h5>'
        for tag in entry.tags
    )
    return (
        f'{share}<div class="mb10 f16 ln24" itemprop="keywords">\n  <div class="fbo2 pr10 grey fl">Tags</div>'
        f"\n{tags}\n</div>\n"
        '<div class="f14">Ikuti kami di <a href="https://news.google.com/">Google News</a></div>\n'
    )
