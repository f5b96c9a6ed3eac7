"""The pages of an article for small screens: that of m., and the AMP page."""

import re
from collections.abc import Iterator
from random import Random

from seeds import boxes, noise
from seeds.body import Part
from seeds.ends import pager, tags
from seeds.layouts import Sheet
from seeds.machine import brand_safety, head
from seeds.paragraphs import Printer, attribute, summary, text
from seeds.sites import print_moment, slug_of
from seeds.tops import links

_SCRIPTS = re.compile(r"<script.*?</script>|<ins.*?</ins>", re.DOTALL)
_SECTIONS = {"superskor": "Superskor", "ramadan": "Tribun Ramadan"}
# The sections of an AMP page's menu; it has no drawings and no network.
_MENU = ("Home", "News", "Regional", "Superskor", "Seleb", "Lifestyle", "Travel", "Images", "Video")


def mobile_page(sheet: Sheet, chance: Random) -> Iterator[str | Part]:
    """Yield the parts of the page of m."""
    entry, article, site, layout = sheet.manuscript.entry, sheet.manuscript.article, sheet.site, sheet.form.layout
    yield head(sheet.manuscript, sheet.suffix, site, sheet.form)
    yield boxes.links_in_head(site)
    yield noise.head_scripts(site)
    yield (
        "</head>\n<body>\n"
        '<div class="tribunx">Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX</div>\n'
        f'<div class="f20 fbo">{_SECTIONS.get(entry.section or "", "Tribun")}</div>\n'
    )
    yield noise.menu(site)
    yield '<div id="article"><div class="pa15">\n'
    if entry.topic_line:
        topic = attribute(entry.topic_line)
        yield f'<h2><a href="https://{entry.host}/topic/{slug_of(entry.topic_line)}">{topic}</a></h2>\n'
    classes = "f32 ln40 fbo txt-black display-block mt10" if layout in {"D", "E"} else "f32"
    yield f'<h1 class="{classes}">{text(entry.title)}</h1>\n'
    if article["lead"]:
        yield f'<h2 class="hide">{text(article["lead"])}</h2>\n'
    yield _date_and_names(sheet)
    if article["photos"]:
        yield _mobile_photo(sheet)
    yield '<div class="txt-article multi-fontsize mb20">\n'
    yield summary(article, sheet.number)
    printed = Printer(entry, article, chance).print_blocks(sheet.blocks)
    # Boxes of other articles stand between two paragraphs.
    for place, name in ((2, "Berita Rekomendasi"), (5, "BERITA TERKAIT")):
        if len(printed) > place + 1:
            printed[place] += _box(name, chance)
    yield "\n".join(printed)
    yield "\n</div>\n"
    yield brand_safety(article) if layout in {"D", "E"} else ""
    yield "</div></div>\n"
    if sheet.total > 1:
        yield pager(entry.url, sheet.number, sheet.total, "E")
    yield tags(entry, site, "E")
    yield '<div class="p15">Dapatkan Berita Pilihan di WhatsApp Anda <a href="#">Baca WhatsApp Tribunnews</a></div>\n'
    yield f'<div class="wiki"><h3>Wiki Terkait</h3>{_box("Wiki", chance)}</div>\n'
    yield noise.list_script(site, chance.randrange(noise.FORMS))
    yield noise.latest(site, chance.randrange(noise.FORMS))
    yield noise.comments(chance.randrange(noise.FORMS))
    yield from boxes.round_article(site, chance)
    yield noise.footer(site, sheet.today.year)
    yield "</body>\n</html>\n"


def amp_page(sheet: Sheet, chance: Random) -> Iterator[str | Part]:
    """Yield the parts of an AMP page: little round the text, no scripts in it, pictures as `amp-img`, and no pager."""
    entry, article, site = sheet.manuscript.entry, sheet.manuscript.article, sheet.site
    yield head(sheet.manuscript, sheet.suffix, site, sheet.form)
    yield boxes.amp_head(site)
    menu = "".join(f'<li><a href="https://{site.host}/{name.lower()}">{name}</a></li>' for name in _MENU)
    yield f'</head>\n<body>\n<amp-sidebar id="sidebar"><ul>{menu}</ul></amp-sidebar>\n<main>\n'
    if entry.topic_line:
        topic = attribute(entry.topic_line)
        yield f'<h2><a href="https://{entry.host}/topic/{slug_of(entry.topic_line)}">{topic}</a></h2>\n'
    yield f'<h1 class="f32">{text(entry.title)}</h1>\n'
    yield _date_and_names(sheet)
    yield (
        '<div class="text-size"><span>AA</span> <span>Text Sizes</span> <span>Medium</span> <span>Large</span> '
        "<span>Larger</span></div>\n"
    )
    if article["photos"]:
        yield _amp_photo(sheet)
    if article["lead"]:
        yield f'<h2 class="hide">{text(article["lead"])}</h2>\n'
    yield '<div class="content txt-article">\n'
    yield summary(article, sheet.number)
    body = "\n".join(Printer(entry, article, chance).print_blocks(sheet.blocks))
    yield re.sub(r"<img (.*?)>", r'<amp-img layout="responsive" \1></amp-img>', _SCRIPTS.sub("", body))
    yield "\n</div>\n"
    yield tags(entry, site, "C")
    yield boxes.round_amp(site, chance.randrange(noise.FORMS))
    yield f"{_box('Berita Terkini', chance)}</main>\n<footer>© {sheet.today.year} TRIBUNnews.com Network</footer>\n"
    yield "</body>\n</html>\n"


def _date_and_names(sheet: Sheet) -> str:
    entry, article = sheet.manuscript.entry, sheet.manuscript.article
    boxes = "".join(
        f'<div id="{role}">{label}: {links(entry, role, article[key])}</div>'
        for role, label, key in (("penulis", "Penulis", "authors"), ("editor", "Editor", "editors"))
        if article[key]
    )
    return (
        f'<time class="grey">{print_moment(entry.published_at, sheet.site)}</time>\n<div class="credit">{boxes}</div>\n'
    )


def _mobile_photo(sheet: Sheet) -> str:
    photo = sheet.manuscript.article["photos"][0]
    url, title = attribute(photo["url"]), text(sheet.manuscript.entry.title)
    under = " ".join(part for part in (photo["caption"], photo["credit"]) if part) if photo["caption"] else ""
    return (
        f'<div class="foto"><a class="glightbox" href="{url}"><img class="wfull" src="{url}"></a>'
        f'<div class="zoom">zoom-in {title}</div>'
        + (f'<div class="f11 grey">{text(photo["credit"])}</div>' if photo["credit"] else "")
        + (f'<div class="arial f12 pt5 grey2">{text(under)}</div>' if under else "")
        + "</div>\n"
    )


def _amp_photo(sheet: Sheet) -> str:
    photo = sheet.manuscript.article["photos"][0]
    words = " ".join(part for part in (photo["caption"], f"({photo['credit']})" if photo["credit"] else "") if part)
    caption = f"<figcaption>{text(words)}</figcaption>" if words else ""
    return (
        f'<figure><amp-img src="{attribute(photo["url"])}" width="700" height="393" layout="responsive"></amp-img>'
        f"{caption}</figure>\n"
    )


def _box(name: str, chance: Random) -> str:
    """Return a box of other articles; nothing of it belongs to this one."""
    rows = "".join(
        f'<li><a href="https://www.tribunnews.com/news/9600001/{slug_of(title)}">{title}</a></li>'
        for title in noise.titles(chance, 3)
    )
    return f'\n<div class="mb20"><h4>{name}</h4><ul>{rows}</ul></div>'
