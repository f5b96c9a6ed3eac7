"""The HTML of an article page, put together from its parts in the form that is asked for."""

from collections.abc import Iterator
from datetime import date, datetime
from html import escape
from random import Random

from seeds import boxes, ends, noise
from seeds.blocks import lay_out
from seeds.body import Body, Part, join
from seeds.desk import Manuscript, PageAsked
from seeds.doors import amp_page, mobile_page
from seeds.layouts import Form, Layout, Sheet, as_split
from seeds.machine import brand_safety, head
from seeds.paragraphs import Printer, summary
from seeds.sites import SITES, WWW, Site, print_day, site_of
from seeds.tops import top

_BODIES: dict[Layout, str] = {
    "A": "side-article txt-article",
    "B": "side-article txt-article",
    "C": "side-article txt-article multi-fontsize",
    "D": "side-article txt-article multi-fontsize",
    "E": "side-article txt-article multi-fontsize",
}


def article_page(manuscript: Manuscript, page: PageAsked, viewed_at: datetime, form: Form) -> Body:
    """Return one page of an article, or the whole text (page "all", without a pager), as seen at a moment."""
    entry = manuscript.entry
    site = site_of(entry.host) or SITES[WWW]
    pages = lay_out(manuscript if form.door == "amp" else as_split(manuscript, form))
    number = 1 if page == "all" else page
    blocks = [block for each in pages for block in each] if page == "all" else pages[number - 1]
    if form.has_source_box:
        blocks = [block for block in blocks if block.kind != "source"]
    sheet = Sheet(
        manuscript=manuscript,
        site=site,
        form=form,
        blocks=tuple(blocks),
        number=number,
        total=len(pages) if page != "all" and form.has_pager else 1,
        suffix=" - Halaman all" if page == "all" else f" - Halaman {page}" if page > 1 else "",
        today=viewed_at.astimezone(site.tzinfo).date(),
    )
    chance = Random(f"{entry.name} {number}")
    print_sheet = {"m": mobile_page, "amp": amp_page}.get(form.door, _wide_page)
    return join(print_sheet(sheet, chance))


def _wide_page(sheet: Sheet, chance: Random) -> Iterator[str | Part]:
    """Yield the parts of a page for large screens."""
    manuscript, site, form = sheet.manuscript, sheet.site, sheet.form
    entry, article = manuscript.entry, manuscript.article
    yield head(manuscript, sheet.suffix, site, form)
    yield boxes.links_in_head(site)
    yield noise.head_scripts(site)
    yield f"</head>\n<body>\n{site_header(site, sheet.today)}"
    yield boxes.drawer(site)
    yield noise.menu(site)
    yield from top(manuscript, site, form)
    is_of_a_region = form.layout == "D" and site.host != WWW
    yield f'<div id="article_con">\n<div class="{_BODIES[form.layout]}{" editcontent" if is_of_a_region else ""}">\n'
    yield summary(article, sheet.number)
    yield "\n".join(Printer(entry, article, chance).print_blocks(sheet.blocks))
    yield "\n</div>\n"
    yield brand_safety(article) if form.layout in {"D", "E"} else ""
    yield "</div>\n"
    yield ends.editor_line(manuscript, form)
    yield ends.source_box(manuscript, form)
    yield noise.recommendations(site, chance.randrange(noise.FORMS))
    if sheet.total > 1:
        yield ends.pager(entry.url, sheet.number, sheet.total, form.layout)
    yield ends.tags(entry, site, form.layout)
    yield noise.list_script(site, chance.randrange(noise.FORMS))
    yield noise.latest(site, chance.randrange(noise.FORMS))
    yield noise.comments(chance.randrange(noise.FORMS))
    yield from boxes.round_article(site, chance)
    yield noise.footer(site, sheet.today.year)
    yield "</body>\n</html>\n"


def site_header(site: Site, today: date) -> str:
    """Return the head of every page, with the day on which it is looked at."""
    return (
        f'<div class="header"><a href="https://{site.host}/" class="logo">{escape(site.spoken)}</a>'
        f'<span class="date-now grey2 f12">{print_day(today)}</span></div>\n'
    )
