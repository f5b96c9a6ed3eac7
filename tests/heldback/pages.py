"""Whole pages of the five generations A to E as www, regional and white-label hosts send them."""

from datetime import datetime, timedelta, timezone
from html import escape

from tests.heldback import bodies, furniture, machine
from tests.heldback.story import Story, open_words, words_of


def people_line(names: tuple[str, ...], room: str) -> str:
    """Names, each a link to the page of its author or editor."""
    return ", ".join(
        f'<a href="https://www.tribunnews.com/{room}/{name.lower().replace(" ", "-")}">{escape(name)}</a>'
        for name in names
    )


_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


def there(story: Story) -> datetime:
    """The moment of publication by the clocks of the host's region."""
    hours = {"WIB": 7, "WITA": 8, "WIT": 9}[story.zone]
    return datetime.fromisoformat(story.published).astimezone(timezone(timedelta(hours=hours)))


def printed(story: Story, *, zone: bool = True) -> str:
    """The moment of publication as the site prints it, in the zone of the host."""
    moment = there(story)
    name = f" {story.zone}" if zone else ""
    return f"{_DAYS[moment.weekday()]}, {moment.day} {_MONTHS[moment.month - 1]} {moment.year} {moment:%H:%M}{name}"


def page(
    story: Story,
    generation: str,
    *,
    form: str = "graph",
    host: str | None = None,
    dated: bool = True,
    number: int | str = 1,
    heavy: bool = False,
    style: str = "",
) -> tuple[str, str]:
    """Return the address and the markup of one page.

    Args:
        story: What is printed.
        generation: "A" to "E".
        form: How JSON-LD and meta give the machine-readable part; see machine.py.
        host: A white label, such as "www.presnapress.com".
        dated: Its address has the day; else the number.
        number: Which page of several, or "all".
        heavy: With menus, lists, scripts and styles of real weight.
        style: Words that vary the page: those of `bodies.body`, and "unzoned" (visible time without zone), "keywords"
            (keywordBrandSafety), "notime", "emptypeople", "headtime", "both" (h5#penulis).
    """
    canonical = story.address(dated=dated)
    url = canonical.replace("www.tribunnews.com", host) if host else canonical
    pages = story.pages()
    blocks = story.blocks if number == "all" else pages[int(number) - 1]
    first = number in {1, "all"}
    last = number == "all" or int(number) == len(pages)
    inner = bodies.body(story, blocks, first=first, last=last, generation=generation, style=style)
    classes = {"A": "side-article txt-article", "B": "side-article txt-article"}
    container = classes.get(generation, "side-article txt-article multi-fontsize")
    if generation == "D" and story.host != "www":
        container += " editcontent"
    text = f'<div class="{container}">\n{inner}\n</div>'
    if generation in "AB":
        text = f'<div id="article_con">{text}</div>'
    parts = [
        f'<!DOCTYPE html>\n<html lang="id-ID">\n<head>\n{machine.head(story, form=form, url=url, canonical=canonical, page=number)}',
        furniture.styles() if heavy else "<style>h1>a{color:red}</style>",
        furniture.script(0),
        "</head>\n<body>",
        furniture.menu(),
        _header_time(style),
        _branding(story),
        '<div class="content"><div class="fl w677">' if heavy else '<div id="article">',
        _title(story, generation),
        _time(story, generation, style) if first or generation != "E" else "",
        _people(story, generation, style),
        _photo(story, generation),
        text,
        _after(story, generation, style, len(pages), number, canonical),
        _keywords(story) if "keywords" in style else "",
        "</div>",
        furniture.foot(heavy=heavy),
        "</body>\n</html>",
    ]
    return url + ("" if number == 1 else f"?page={number}"), "\n".join(part for part in parts if part)


def _header_time(style: str) -> str:
    return f'<div class="top"><time class="grey">{furniture.VIEWED}</time></div>' if "headtime" in style else ""


def _branding(story: Story) -> str:
    return "".join(f'<div class="branding f13"><a href="#">{escape(line)}</a></div>' for line in story.branding)


def _title(story: Story, generation: str) -> str:
    title = escape(story.title, quote=False)
    topic = f'<a href="https://www.tribunnews.com/topic/x" title="{escape(story.topic)}">{escape(story.topic)}</a>'
    above = below = ""
    match generation:
        case "A":
            heading = f'<h1 id="arttitle" class="read_title">{title}</h1>'
            above = '<div class="breadcrumb"><a href="/">Home</a> » <a href="/regional">Regional</a></div>'
        case "B":
            heading = f'<h1 class="f50 black2 f400 crimson" id="arttitle">{title}</h1>'
            above = f'<h2 class="red f16">{escape(story.topic)}</h2>' if story.topic else ""
            below = f'<h4 class="hide">{escape(story.lead)}</h4>' if story.lead else ""
        case "D" if story.host != "www":
            heading = f'<h1 class="f32 ln40 fbo txt-black display-block mt10" id="arttitle">\n\t\t{title}\t\t\n</h1>'
            above = f"<h2>{topic}</h2>" if story.topic else ""
        case _:
            heading = f'<h1 class="f50 black2 f400 crimson" id="arttitle">{title}</h1>'
            above = f"<h2>{topic}</h2>" if story.topic else ""
            below = f'<h2 class="hide">{escape(story.lead)}</h2>' if story.lead and generation == "E" else ""
    return f"{above}\n{heading}\n{below}"


def _time(story: Story, generation: str, style: str) -> str:
    if "notime" in style:
        return ""
    when = printed(story, zone="unzoned" not in style)
    match generation:
        case "A" if "ago" in style:
            stamp = f"{there(story):%Y-%m-%d %H:%M:%S}"
            return f'<div class="mt10"><time class="grey timeago" title="{stamp}">3 jam lalu</time></div>'
        case "A":
            return f'<div class="mt10"><time class="grey timeago">{when}</time></div>'
        case "B" | "C":
            return f'<div class="mt10"><time class="grey">{when}</time></div>'
        case "D":
            return f'<div class="grey bdr3 pb10 pt10"><time><strong>Tayang:</strong> <span>{when}</span></time></div>'
        case _:
            stamp = story.published[:16] + story.published[19:]
            return (
                f'<div class="mt10"><div class="grey bdr3 pb10 pt10">\n<strong>Tayang:</strong> <time datetime="{stamp}">'
                f"{when}</time>\n</div></div>"
            )


def _people(story: Story, generation: str, style: str) -> str:
    authors = "" if "emptypeople" in style else people_line(story.authors, "penulis")
    editors = people_line(story.editors, "editor")
    if "both" in style and generation in "CDE":
        return f'<h5 id="penulis">Penulis: {authors} | Editor: {editors}</h5>'
    if generation == "A" and story.number % 2:
        return f'<div class="f14 author">Penulis: {authors}</div>' if story.authors else ""
    if generation == "A":
        return ""
    if generation == "B":
        return (
            f'<div class="f14 author">Penulis: {authors}</div><div class="f14">Editor: {editors}</div>'
            if authors
            else ""
        )
    written = f'<div id="penulis">\n\t\tPenulis:\n\t\t{authors}\n</div>' if authors or "emptypeople" in style else ""
    edited = f'<div id="editor">\n\t\tEditor:\n\t\t{editors}\n</div>' if editors else ""
    return f'<div class="f20 credit mt10"><div class="fbo f13">{written}{edited}</div></div>'


def _photo(story: Story, generation: str) -> str:
    if not story.caption:
        return ""
    source = "https://asset-2.tribunnews.com/www/foto/bank/images/utama.jpg"
    image = f'<img class="imgfull" src="{source}" alt="{escape(story.caption)}">'
    caption = f'<div class="arial f12 pt5 grey2">{escape(story.caption)}</div>'
    credit = f'<div class="f11 white pa3 fr pos_rel ar">{escape(story.credit)}</div>' if story.credit else ""
    match generation:
        case "A":
            return f'<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div">{image}{credit}</div>{caption}</div></div>'
        case "D" if story.host != "www":
            return f'<div class="bsh mb20">{image}{credit}{caption}</div>'
        case "E":
            return (
                f'<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div"><a class="icon_zoom glightbox" '
                f'href="{source}"><span>zoom-in</span><span>lihat foto</span>{image}</a>{credit}</div>{caption}</div></div>'
            )
        case _:
            return (
                f'<div id="artimg"><div class="pb20 ovh"><div class="imgfull_div"><a class="icon_zoom glightbox" '
                f'href="{source}">{image}</a>{credit}</div>{caption}</div></div>'
            )


def _after(story: Story, generation: str, style: str, total: int, number: int | str, url: str) -> str:
    tags = "".join(f'<h5 class="tagcloud3"><a class="rd2" href="/tag/x" title="{t}">{t}</a></h5>' for t in story.tags)
    source = (
        f'<div class="side-article mb5"><div class="sources mb20"><h6>Sumber: <a title="{story.source}" href="#">'
        f"{story.source}</a></h6></div></div>"
        if story.source
        else ""
    )
    edited = ""
    if generation == "A":
        edited = f'<div class="side-article mb5"><div class="f12 grey mb15">Editor: {escape(", ".join(story.editors))}</div></div>'
        if story.authors and not story.number % 2:
            edited = f'<div class="f14 author">Penulis: {people_line(story.authors, "penulis")}</div>' + edited
        tags = "<ul class='tags'>" + "".join(f"<li><a href='/tag/x'>{tag}</a></li>" for tag in story.tags) + "</ul>"
    elif generation == "B":
        if not story.authors or "emptypeople" in style:
            edited = f'<div class="f12 grey mb15">Editor: {escape(", ".join(story.editors))}</div>'
    else:
        tags = f'<div class="mb10 f16 ln24" itemprop="keywords"><div class="fbo2 pr10 grey fl">Tags</div>{tags}</div>'
    share = f'<div class="share-wrapper engagement-buttons-bottom" data-content-id="{story.number}"></div>'
    return edited + source + _pager(generation, total, number, url) + share + tags


def _pager(generation: str, total: int, number: int | str, url: str) -> str:
    if total == 1 or number == "all":
        return ""
    links = "".join(
        f'<a href="{url}{"" if n == 1 else f"?page={n}"}" rel="page-{n}" title="Page {n}">{n}</a>'
        for n in range(1, total + 1)
    )
    after = int(number) + 1
    onward = f"{url}?page={after}" if after <= total else ""
    match generation:
        case "A" | "B":
            return f'<div class="mb20">{links}</div>'
        case "C":
            link = f'<a class="bgblue white ptb5 plr10 f18" href="{onward}">Halaman Selanjutnya</a>' if onward else ""
            return f'<div class="mb20">{links}</div>{link}'
        case _:
            return (
                f'<div class="paging"><div class="pagination-wrap"><span class="total-page">Halaman {number}/{total}</span>'
                f'<div class="page-number">{links}</div></div></div>'
            )


def _keywords(story: Story) -> str:
    return machine.keyword_script(
        story, [story.dateline, *words_of(story.blocks), *open_words(story.blocks), story.sign]
    )
