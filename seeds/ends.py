"""What stands below the text of a page, in each generation: editor, source, pager, tags."""

from seeds.desk import Entry, Manuscript
from seeds.layouts import Form, Layout
from seeds.paragraphs import attribute, text
from seeds.sites import Site, slug_of
from seeds.tops import links


def editor_line(manuscript: Manuscript, form: Form) -> str:
    """Return the line that names the editors, which stood below the text once."""
    editors = manuscript.article["editors"]
    if form.layout != "A" or not editors:
        return ""
    named = links(manuscript.entry, "editor", editors)
    return f'<div class="side-article mb5">\n<div class="f12 grey mb15">Editor: {named}</div>\n</div>\n'


def source_box(manuscript: Manuscript, form: Form) -> str:
    """Return the box that names the source, where it does not stand in the text."""
    source = manuscript.article["source"]
    if not form.has_source_box or not source:
        return ""
    return (
        '<div class="side-article mb5"><div class="sources mb20"><h6>Sumber: '
        f'<a href="https://{manuscript.entry.host}/" title="{attribute(source)}">{text(source)}</a></h6></div></div>\n'
    )


def pager(url: str, number: int, total: int, layout: Layout) -> str:
    """Return the links to the other pages of an article."""
    if layout == "B":
        others = "".join(
            f'<a href="{_address(url, each)}">{each}</a> ' if each != number else f"<b>{each}</b> "
            for each in range(1, total + 1)
        )
        return f'<div class="mb20">{others}</div>\n'
    if layout == "C":
        if number == total:
            return ""
        return (
            f'<div class="mb20 ac"><a class="bgblue white ptb5 plr10 f18" href="{_address(url, number + 1)}">'
            "Halaman Selanjutnya</a></div>\n"
        )
    shown = "\n".join(_page_link(url, each, is_shown=each == number) for each in range(1, total + 1))
    return (
        '<div class="paging" style="width:100%;margin:20px 0 10px;justify-content:end;">\n'
        f'  <div class="pagination-wrap">\n    <span class="total-page">Halaman {number}/{total}</span>\n'
        f'    <div class="page-number">\n{shown}\n    </div>\n  </div>\n</div>\n'
    )


def _address(url: str, page: int) -> str:
    return f"{url}?page={page}" if page > 1 else url


def _page_link(url: str, page: int, *, is_shown: bool) -> str:
    active, name = ' class="active"' if is_shown else "", f"Page {page}"
    address = _address(url, page)
    return f'      <a href="{address}"{active} rel="page-{page}" aria-label="{name}" title="{name}">{page}</a>'


def tags(entry: Entry, site: Site, layout: Layout) -> str:
    """Return the site's keywords, and the bar for sharing that carries the site's id."""
    share = (
        f'<div class="share-wrapper engagement-buttons-bottom" data-domain="{site.host}" '
        f'data-content-id="{entry.content_id}" data-content-type="article"></div>\n'
    )
    if layout in {"A", "B", "C"}:
        share = ""
    if not entry.tags:
        return share
    if layout == "A":
        listed = "".join(
            f'<li><a href="https://{site.host}/tag/{slug_of(tag)}">{text(tag)}</a></li>' for tag in entry.tags
        )
        return f'<div class="mb20 tag"><span class="fbo">TAGS</span><ul>{listed}</ul></div>\n'
    listed = "\n".join(
        f'  <h5 class="tagcloud3"><a class="rd2" href="https://{site.host}/tag/{slug_of(tag)}" '
        f'title="{attribute(tag)}">{text(tag)}</a></h5>'
        for tag in entry.tags
    )
    if layout in {"B", "C"}:
        return f'<div class="mb10 f16 ln24">\n{listed}\n</div>\n'
    return (
        f'{share}<div class="mb10 f16 ln24" itemprop="keywords">\n  <div class="fbo2 pr10 grey fl">Tags</div>'
        f"\n{listed}\n</div>\n"
        '<div class="f14">Ikuti kami di <a href="https://news.google.com/">Google News</a></div>\n'
    )
