"""What stands above the text of a page, in each generation: topic, title, lead, date, names, main photo."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from seeds.desk import Entry, Manuscript
from seeds.layouts import Form, Layout
from seeds.paragraphs import attribute, text
from seeds.sites import WWW, Site, print_moment, slug_of

_CRIMSON = '<h1 class="f50 black2 f400 crimson" id="arttitle">'
_TITLES: Mapping[Layout, str] = {
    "A": '<h1 id="arttitle" class="read_title">',
    "B": '<h1 id="arttitle" class="f50 black2 f400 crimson">',
    "C": _CRIMSON,
    "D": _CRIMSON,
    "E": _CRIMSON,
}
_LEADS: Mapping[Layout, str] = {"A": "", "B": "h4", "C": "h2", "D": "h2", "E": "h2"}


def top(manuscript: Manuscript, site: Site, form: Form) -> Iterator[str]:
    """Yield what stands between the menu of a page for large screens and its text."""
    entry, article, layout = manuscript.entry, manuscript.article, form.layout
    yield _topic(entry, site, layout)
    yield f"{_TITLES[layout]}{text(entry.title)}</h1>\n"
    if article["lead"] and form.has_lead:
        yield f'<{_LEADS[layout]} class="hide">{text(article["lead"])}</{_LEADS[layout]}>\n'
    yield _DATES_AND_NAMES[layout](entry, article, site)
    if article["photos"]:
        yield main_photo(article["photos"][0], entry.title, layout)


def links(entry: Entry, role: str, names: Sequence[str]) -> str:
    """Return names as links to the pages of their owners."""
    return ", ".join(f'<a href="https://{entry.host}/{role}/{slug_of(name)}">{text(name)}</a>' for name in names)


def _topic(entry: Entry, site: Site, layout: Layout) -> str:
    topic = attribute(entry.topic_line or "")
    url = f"https://{entry.host}/topic/{slug_of(entry.topic_line or '')}"
    if layout == "A":
        last = f' &raquo; <a href="{url}">{topic}</a>' if topic else ""
        section = entry.section or "news"
        return (
            f'<div class="breadcrumb f12"><a href="https://{site.host}/">Home</a> &raquo; '
            f'<a href="https://{site.host}/{section}">{section.title()}</a>{last}</div>\n'
        )
    if not topic:
        return ""
    if layout == "B":
        return f'<h2 class="red f16"><a href="{url}">{topic}</a></h2>\n'
    return f'<h2><a href="{url}" title="{topic}">{topic}</a></h2>\n'


def _old(entry: Entry, article: Mapping[str, Any], site: Site) -> str:
    authors = article["authors"]
    names = f'<div class="f14 author">{links(entry, "penulis", authors)}</div>\n' if authors else ""
    return f'<time class="grey timeago">{print_moment(entry.published_at, site)}</time>\n{names}'


def _bare(entry: Entry, article: Mapping[str, Any], site: Site) -> str:
    named = [
        f"{label}: {text(', '.join(article[key]))}"
        for label, key in (("Penulis", "authors"), ("Editor", "editors"))
        if article[key]
    ]
    names = f'<div class="grey f12 mb10">{" | ".join(named)}</div>\n' if named else ""
    return f'<div class="mt10"><time class="grey">{print_moment(entry.published_at, site)}</time></div>\n{names}'


def _credited(entry: Entry, article: Mapping[str, Any], site: Site) -> str:
    return (
        f'<div class="mt10"><time class="grey">{print_moment(entry.published_at, site)}</time></div>\n'
        f'<div class="credit">{_boxes(entry, article)}</div>\n'
    )


def _labelled(entry: Entry, article: Mapping[str, Any], site: Site) -> str:
    """Return the date of D; the regional sites print both names in one line."""
    if site.host == WWW:
        names = f'<div class="credit mt10">{_boxes(entry, article)}</div>\n'
    else:
        named = [
            f"{label}: {links(entry, role, article[key])}"
            for role, label, key in (("penulis", "Penulis", "authors"), ("editor", "Editor", "editors"))
            if article[key]
        ]
        names = f'<h5 id="penulis">{" | ".join(named)}</h5>\n'
    return (
        '<div class="grey bdr3 pb10 pt10"><time><strong>Tayang:</strong> '
        f"<span>{print_moment(entry.published_at, site)}</span></time></div>\n{names}"
    )


def _present(entry: Entry, article: Mapping[str, Any], site: Site) -> str:
    local = entry.published_at.isoformat(timespec="minutes")
    boxes = "".join(
        f'      <div id="{role}">\n        {label}:\n        {links(entry, role, article[key])}\n      </div>\n'
        for role, label, key in (("penulis", "Penulis", "authors"), ("editor", "Editor", "editors"))
        if article[key]
    )
    return (
        '<div class="mt10">\n  <div class="grey bdr3 pb10 pt10">\n    <strong>Tayang:</strong> '
        f'<time datetime="{local}">{print_moment(entry.published_at, site)}</time>\n  </div>\n'
        f'  <div class="f20 credit mt10">\n    <div class="fbo f13">\n{boxes}    </div>\n  </div>\n</div>\n'
    )


def _boxes(entry: Entry, article: Mapping[str, Any]) -> str:
    """Return the boxes of author and editor; the one of nobody is left empty, as the site does."""
    return "".join(
        f'<div id="{role}">{label}: {links(entry, role, article[key])}</div>'
        for role, label, key in (("penulis", "Penulis", "authors"), ("editor", "Editor", "editors"))
    )


_DATES_AND_NAMES: Mapping[Layout, Callable[[Entry, Mapping[str, Any], Site], str]] = {
    "A": _old,
    "B": _bare,
    "C": _credited,
    "D": _labelled,
    "E": _present,
}


def main_photo(photo: Mapping[str, Any], title: str, layout: Layout) -> str:
    """Return the picture above the text with its credit and caption."""
    url, credit, caption = attribute(photo["url"]), photo["credit"], photo["caption"]
    under = " ".join(part for part in (caption, credit) if part) if caption else ""
    image = f'<img class="imgfull" src="{url}" alt="{attribute(title)}">'
    framed = image if layout in {"A", "D"} else f'<a class="icon_zoom glightbox" href="{url}">{image}</a>'
    if layout == "E":
        over = f'<div class="f11 credit">{text(credit)}</div>' if credit else ""
    elif layout == "D":
        over = f'<div class="f11 credit"><span>zoom-in</span> lihat foto {text(credit)}</div>' if credit else ""
    else:
        over = f'<div class="f11 white pa3 fr pos_rel ar">{text(credit)}</div>' if credit else ""
    below = f'<div class="arial f12 pt5 grey2">{text(under)}</div>' if under else ""
    if layout == "D":
        return f'<div class="bsh mb20"><div class="imgfull_div">{framed}</div>{over}{below}</div>\n'
    return f'<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div">{framed}</div>{over}{below}</div></div>\n'
