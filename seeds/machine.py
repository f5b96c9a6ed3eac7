"""What a page says to machines: meta elements, JSON-LD in the form of each generation, the text in a script."""

import json
from collections.abc import Mapping
from html import escape
from typing import Any

from seeds.desk import Manuscript
from seeds.layouts import Form
from seeds.paragraphs import attribute, text
from seeds.sites import WWW, Site, slug_of


def head(manuscript: Manuscript, suffix: str, site: Site, form: Form) -> str:
    """Return the head of a page up to its scripts; `suffix` stands behind title and description."""
    entry, article = manuscript.entry, manuscript.article
    title, about = attribute(entry.title), attribute(_description(article) + suffix)
    noted = entry.host == WWW
    alternate = f"https://m.tribunnews.com{entry.path}" if noted else f"https://{entry.host}{entry.path}"
    image = next((photo["url"] for photo in article["photos"]), None)
    picture = f'<meta property="og:image" content="{attribute(image)}" />\n' if image else ""
    blocks = "".join(
        f'<script type="application/ld+json">\n{block}\n</script>\n' for block in _linked_data(manuscript, image, form)
    )
    is_amp = form.door == "amp"
    return (
        f'<!DOCTYPE html>\n<html {"amp " if is_amp else ""}lang="id-ID">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{text(entry.title + suffix)}</title>\n"
        f'<meta name="description" content="{about}">\n'
        f'<meta name="news_keywords" content="{attribute(", ".join(entry.tags))}" />\n'
        '<meta property="og:type" content="article" />\n'
        f'<meta property="og:title" content="{title} - {escape(site.spoken)}"/>\n'
        f'<meta property="og:description" content="{about}">\n'
        f'<meta property="og:url" content="{entry.url}" />\n{picture}'
        f'<meta property="android:app_id" content="{entry.content_id}" />\n'
        f'<link rel="canonical" href="{entry.url}"/>\n'
        + (
            '<script async src="https://cdn.ampproject.org/v0.js"></script>\n'
            "<style amp-custom>.f12{font-size:12px}</style>\n"
            if is_amp
            else f'<link rel="alternate" media="only screen and (max-width: 640px)" href="{alternate}">\n'
        )
        + blocks
    )


def brand_safety(article: Mapping[str, Any]) -> str:
    """Return the script that holds the text of all pages as one string, quotes escaped."""
    whole = (
        " ".join(each["text"] for each in article["paragraphs"])
        .replace("\\", "\\\\")
        .replace('"', '\\"')
        .replace("</", "<\\/")
    )
    return f'<script type="text/javascript">\nvar keywordBrandSafety = "{whole}";\n</script>\n'


def _description(article: Mapping[str, Any]) -> str:
    if article["lead"]:
        return str(article["lead"])
    return str(article["paragraphs"][0]["text"])[:150] if article["paragraphs"] else str(article["title"])


def _linked_data(manuscript: Manuscript, image: str | None, form: Form) -> list[str]:
    """Return the JSON-LD blocks: one graph now; earlier the article as a plain object behind that of the site."""
    entry = manuscript.entry
    home = f"https://{entry.host}/"
    story = _story(manuscript, image)
    if form.layout == "E" and form.door != "amp":
        section = (entry.section or "news").replace("-", " ").title()
        crumbs = [("Home", home), (section, f"{home}{entry.section or ''}")]
        trail = [
            {"@type": "ListItem", "position": place, "name": name, "item": url}
            for place, (name, url) in enumerate(crumbs, start=1)
        ]
        graph = [story, {"@type": "BreadcrumbList", "@id": f"{entry.url}#breadcrumb", "itemListElement": trail}]
        return [_dump({"@context": "https://schema.org", "@graph": graph})]
    organisation = {"@context": "http://schema.org", "@type": "Organization", "name": "Tribunnews.com", "url": home}
    if not form.has_story_data:
        return [_dump(organisation)]
    if len(story.get("author", ())) == 1:
        story["author"] = story["author"][0]
    story["keywords"] = ", ".join(entry.tags)
    return [_dump(organisation), _dump({"@context": "http://schema.org", **story})]


def _story(manuscript: Manuscript, image: str | None) -> dict[str, Any]:
    entry, article = manuscript.entry, manuscript.article
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
            "url": f"https://{entry.host}/",
            "logo": {"@type": "ImageObject", "url": "https://asset-1.tribunnews.com/img/logo.png", "width": 240},
        },
        "image": {"@type": "ImageObject", "url": image, "width": 1200, "height": 675},
        "articleSection": (entry.section or "news").replace("-", " ").title(),
        "keywords": list(entry.tags),
        "isAccessibleForFree": not manuscript.is_premium,
    }
    if len(article["editors"]) == 1:
        story["editor"] = story["editor"][0]
    story = {key: value for key, value in story.items() if value != [] or key == "keywords"}
    if image is None:
        del story["image"]
    return story


def _dump(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2).replace("</", "<\\/")


def _person(name: str, host: str, role: str) -> dict[str, str]:
    return {"@type": "Person", "name": name, "url": f"https://{host}/{role}/{slug_of(name)}"}
