"""The machine-readable part of a page: title, meta, JSON-LD in all its forms."""

import json
from html import escape
from typing import Any

from tests.heldback.story import Story

FORMS = ("graph", "second", "plain", "array", "none", "broken", "meta", "typelist")


def head(
    story: Story, *, form: str, url: str, canonical: str, page: int | str = 1, site: str = "Tribunnews.com"
) -> str:
    """Return the inside of the head: every form but "none" tells the moment of publication."""
    suffix = "" if page == 1 else f" - Halaman {page}"
    title = escape(story.title, quote=True)
    lead = escape(story.lead or story.title, quote=True)
    parts = [
        '<meta charset="utf-8">',
        f"<title>{title}{suffix} - {site}</title>" if form in {"plain", "meta"} else f"<title>{title}{suffix}</title>",
        f'<meta name="description" content="{lead}{suffix}">',
        f'<meta property="og:title" content="{title}{suffix} - {site}"/>',
        '<meta property="og:type" content="article"/>',
        f'<meta property="og:url" content="{canonical}" />',
        f'<meta name="news_keywords" content="{escape(", ".join(story.tags), quote=True)}">',
        f'<meta property="android:app_id" content="{story.number}" />',
        f'<link rel="canonical" href="{canonical}"/>',
    ]
    if url.startswith("https://www."):
        mobile = url.replace("//www.", "//m.")
        parts.append(f'<link rel="alternate" media="only screen and (max-width: 640px)" href="{mobile}">')
    if form == "meta":
        parts.append(f'<meta property="article:published_time" content="{story.published}"/>')
    parts += [f'<script type="application/ld+json">\n{each}\n</script>' for each in _blocks(story, form, canonical)]
    return "\n".join(parts)


def _blocks(story: Story, form: str, canonical: str) -> list[str]:
    news = _news(story, canonical)
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]}
    site = {
        "@context": "http://schema.org",
        "@type": "WebSite",
        "url": "https://www.tribunnews.com/",
        "potentialAction": {
            "@type": "SearchAction",
            "target": "https://www.tribunnews.com/search?q={search_term_string}",
        },
    }
    video = {
        "@context": "https://schema.org",
        "@type": "VideoObject",
        "name": "Video Titipan di Kolom Samping",
        "uploadDate": "2020-02-02T02:02:02+07:00",
        "datePublished": "2020-02-02T02:02:02+07:00",
    }
    context = {"@context": "https://schema.org"}
    match form:
        case "graph":
            return [json.dumps({**context, "@graph": [news, crumbs]}, indent=1, ensure_ascii=False)]
        case "second":
            return [json.dumps(site), json.dumps({**context, **news}), json.dumps(video)]
        case "plain":
            return [json.dumps({**context, **news}, ensure_ascii=False)]
        case "array":
            return [json.dumps([video, crumbs, {**context, **news}])]
        case "typelist":
            return [json.dumps(video), json.dumps({**context, **news, "@type": ["Article", "NewsArticle"]})]
        case "broken":
            return [json.dumps({**context, **news}).replace('"headline"', "\"headline': ,,", 1)]
        case _:
            return [json.dumps(site)]


def _news(story: Story, canonical: str) -> dict[str, Any]:
    def person(name: str, room: str) -> dict[str, str]:
        return {
            "@type": "Person",
            "name": name,
            "url": f"https://www.tribunnews.com/{room}/{name.lower().replace(' ', '-')}",
        }

    value: dict[str, Any] = {
        "@type": "NewsArticle",
        "@id": canonical,
        "headline": story.title,
        "description": story.lead or story.title,
        "datePublished": story.published,
        "dateModified": story.modified or story.published,
        "publisher": {"@type": "Organization", "name": "Tribunnews"},
        "image": {"@type": "ImageObject", "url": "https://asset-2.tribunnews.com/www/foto/bank/images/a.jpg"},
        "articleSection": story.section,
        "keywords": list(story.tags),
        "isAccessibleForFree": not story.premium,
    }
    if story.authors:
        value["author"] = [person(name, "penulis") for name in story.authors]
    if story.editors:
        value["editor"] = person(story.editors[0], "editor")
    return value


def keyword_script(story: Story, lines: list[str]) -> str:
    """The whole text once more, as the site's script for advertisers holds it."""
    text = " ".join(lines).replace("\\", "\\\\").replace('"', '\\"').replace("</", "<\\/")
    return f'<script>\nvar keywordBrandSafety = "{text}";\nvar kategori = "{story.section}";\n</script>'
