"""The held-back set itself: some three hundred pages and documents with the truth of each."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta, timezone

from crawler.article import Article, Kind
from crawler.parser import read_document, read_html, read_text
from crawler.site import identify
from tests.heldback import furniture
from tests.heldback.machine import FORMS
from tests.heldback.mobile import amp_page, mobile_page
from tests.heldback.news import NEWS, WAR
from tests.heldback.pages import page, there
from tests.heldback.special import ADVERT, PHOTO, SPECIAL, VIDEO
from tests.heldback.story import Block, Story, noise_of, open_words, words_of
from tests.heldback.texts import Order, rendering

STORIES = (*NEWS, *SPECIAL)
_STYLES = (
    "",
    "keywords spans",
    "break",
    "linked entities",
    "unzoned",
    "headtime keywords",
    "both",
    "upper",
    "notime",
    "ago",
)


@dataclass(frozen=True)
class Case:
    """One reading: what is read, and what a human editor would say of it."""

    name: str
    url: str | None
    documents: tuple[str, ...]
    title: str
    published: tuple[str | None, ...]
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    lines: tuple[str, ...]
    open: tuple[str, ...]
    noise: tuple[str, ...]
    kind: Kind
    complete: bool | None = None
    premium: bool | None = None
    tags: tuple[str, ...] | None = None
    source: str | None = None
    captions: tuple[str, ...] = ()
    charset: str | None = field(default="utf-8")

    @property
    def category(self) -> str:
        """The first words of the name, for the table."""
        return self.name.split("/")[0]

    def read(self) -> Article:
        """Return what the parser makes of it."""
        address = identify(self.url) if self.url else None
        if self.charset is None and len(self.name) % 2:
            return read_document(self.documents[0].encode(), address=address)
        if self.charset is None:
            return read_text(self.documents[0], address=address)
        first, *more = (document.encode(self.charset) for document in self.documents)
        return read_html(first, *more, address=address, charset=self.charset)


def _case(
    name: str, story: Story, blocks: tuple[Block, ...], documents: tuple[str, ...], url: str | None, **known: object
) -> Case:
    lines = tuple(words_of(blocks))
    noise = (
        *furniture.NOISE,
        *furniture.HEADLINES,
        *noise_of(blocks),
        *(
            each
            for each in (story.topic, story.lead, story.credit, story.caption, story.second, story.reporter)
            if each
        ),
        *(each for each in (story.disclaimer, story.taken_from, *story.branding, *story.summary, story.title) if each),
    )
    values: dict[str, object] = {
        "title": story.title,
        "published": (story.published,),
        "authors": story.authors,
        "editors": story.editors,
        "kind": story.kind or "article",
        "premium": story.premium if not story.premium else None,
        "tags": story.tags if name.startswith("html") else None,
        "source": story.source or None,
        "captions": (story.caption,) if story.caption else (),
        **known,
    }
    return Case(
        name=f"{name}/{story.name}",
        url=url,
        documents=documents,
        lines=lines,
        open=(*open_words(blocks), story.sign),
        noise=tuple(line for line in dict.fromkeys(noise) if line not in lines),
        **values,  # type: ignore[arg-type]
    )


def _to_the_minute(story: Story, *, hours: int | None = None) -> str:
    moment = there(story)
    if hours:
        moment = moment.astimezone(timezone(timedelta(hours=hours)))
    return moment.replace(second=0).isoformat()


def _published(story: Story, generation: str, form: str, style: str) -> tuple[str | None, ...]:
    """What the page tells of the moment: with seconds where a machine may read it, else as printed."""
    if form not in {"none", "broken"}:
        return (story.published,)
    seen: str | None = _to_the_minute(story, hours=7 if generation == "E" else None)
    if "ago" in style and generation == "A":
        seen = there(story).isoformat()
    if "notime" in style:
        seen = None
    return (seen,) if form == "none" else (seen, story.published)


def _access(story: Story, form: str) -> dict[str, bool | None]:
    """Whether the page is the whole article: of a premium one only JSON-LD tells that it is a teaser."""
    if not story.premium:
        return {"complete": True}
    told = form not in {"none", "broken", "meta"}
    return {"complete": False, "premium": True} if told else {"complete": None, "premium": None}


def _numbered(story: Story) -> bool:
    return story.published >= "2025-08-28"


def html_cases() -> Iterator[Case]:
    """Every story in every generation, each with another form of JSON-LD and another variation of the markup."""
    for at, story in enumerate(STORIES):
        generations = "E" if story is VIDEO else "DE" if story is PHOTO else "ABCDE"
        for place, generation in enumerate(generations):
            form = FORMS[(at * 3 + place) % len(FORMS)]
            style = _STYLES[(at + place * 2) % len(_STYLES)]
            dated = not (generation == "E" and _numbered(story)) and story not in {VIDEO, PHOTO}
            url, markup = page(
                story, generation, form=form, dated=dated, style=style, heavy=(at + place) % 6 == 0, number="all"
            )
            yield _case(
                f"html {generation} {form} [{style}]",
                story,
                story.blocks,
                (markup,),
                url,
                published=_published(story, generation, form, style),
                **_access(story, form),
            )


def host_cases() -> Iterator[Case]:
    """White labels, m. and AMP."""
    for at, story in enumerate(STORIES):
        if story in {VIDEO, PHOTO}:
            continue
        form, blocks = FORMS[at % len(FORMS)], story.pages()[0]
        style = ("", "spans", "break", "linked", "lead")[at % 5]
        url, markup = mobile_page(story, form=form, dated=not _numbered(story), heavy=at % 8 == 0, style=style)
        yield _case(
            f"html m {form} [{style}]",
            story,
            blocks,
            (markup,),
            url,
            published=_published(story, "m", form, style),
            **({"complete": False} if len(story.pages()) > 1 else _access(story, form)),
        )
        url, markup = amp_page(story, form=form, style=style)
        yield _case(
            f"html amp {form} [{style}]",
            story,
            blocks,
            (markup,),
            url,
            published=_published(story, "amp", form, "notime"),
            source=None,
        )
        if story.host == "www":
            url, markup = page(
                story, "E" if at % 2 else "D", dated=not at % 2, host="www.presnapress.com", number="all"
            )
            yield _case("html white label", story, story.blocks, (markup,), url)


def page_cases() -> Iterator[Case]:
    """Several pages: each alone, and all together; empty bylines; other character sets."""
    total = len(WAR.pages())
    for generation in "BCDE":
        printed = [page(WAR, generation, number=number, form="graph") for number in range(1, total + 1)]
        for number, (url, markup) in enumerate(printed, start=1):
            yield _case(
                f"html page {number} {generation}", WAR, WAR.pages()[number - 1], (markup,), url, complete=False
            )
        url = printed[0][0]
        yield _case(
            f"html joined {generation}", WAR, WAR.blocks, tuple(markup for _, markup in printed), url, complete=True
        )
    for story in (NEWS[2], NEWS[5], ADVERT):
        for generation in "BCDE":
            style = "both emptypeople" if generation == "D" else "emptypeople"
            url, markup = page(story, generation, form="meta", style=style)
            yield _case(f"html empty byline {generation}", story, story.blocks, (markup,), url, authors=())
    for story in (NEWS[8], SPECIAL[6]):
        url, markup = page(story, "A", form="none", style="ago")
        yield _case("html A ago", story, story.blocks, (markup,), url, published=_published(story, "A", "none", "ago"))
    for charset in ("utf-16", "windows-1252"):
        url, markup = page(NEWS[0], "E", dated=False)
        markup = markup.replace('charset="utf-8"', f'charset="{charset}"')
        yield _case(f"html {charset}", NEWS[0], NEWS[0].blocks, (markup,), url, charset=charset)


_ORDERS: tuple[tuple[str, Order], ...] = (
    ("www", Order()),
    ("www tayang", Order(when="tayang", people="same", caption="plain")),
    ("www next", Order(viewed=False, people="next", when="tayang", boxes="bullets")),
    ("www both", Order(people="both", zoom="zoom-inlihat foto", residue=True, caption="plain")),
    ("www none", Order(people="none", topic=False, boxes="pipes")),
    ("www empty", Order(people="empty", when="bare", breaks=True)),
    ("www pipe", Order(people="pipe", caption="glued", boxes="terkait")),
    ("www editor", Order(people="editor", when="tayang", zone=False, lead=False)),
    ("www lone", Order(people="lone", viewed=False, tail="none")),
    ("amp", Order(head="amp", viewed=False, lead=False, summary=False, people="same", tail="amp")),
    ("amp next", Order(head="amp", viewed=False, lead=False, summary=False, people="both", tail="none", breaks=True)),
    ("mobile", Order(head="mobile", viewed=False, zoom="zoom-in", caption="plain", boxes="bullets", tail="mobile")),
    ("mobile both", Order(head="mobile", viewed=False, people="both", zoom="zoom-in", boxes="pipes", tail="league")),
    ("tight", Order(tight=True, when="tayang", people="same")),
    ("tight none", Order(tight=True, people="none", tail="none", viewed=False)),
    ("crlf", Order(when="tayang", crlf=True)),
    ("www columns", Order(when="next", people="columns", boxes="pipes", zoom="zoom-in")),
    ("copied", Order(viewed=False, lead=False, topic=False, people="copied", tail="none", summary=False)),
)


def text_cases() -> Iterator[Case]:
    """Every story in several of the orders; and later pages."""
    for at, story in enumerate(STORIES):
        if story is PHOTO:
            continue
        for place in range(len(_ORDERS)):
            name, order = _ORDERS[(at * 5 + place) % len(_ORDERS)]
            if order.people == "columns" and not (story.authors and story.editors):
                order, name = Order(people="editor", when="next"), "www editor next"
            if order.people == "copied" and (story.host != "www" or story.taken_from):
                order, name = Order(people="both"), "www both plain"
            case = _text_case(f"text {name}", story, order)
            # A pasted document has no address; what only an address can tell is asked of the others.
            is_pasted = place % 2 and order.zone and story is not VIDEO
            yield replace(case, url=None) if is_pasted else case
    for number in (1, 3):
        for name, order in (
            ("www", Order(page=number)),
            ("suffix", Order(page=number, suffix=number > 1, viewed=False, people="both", when="tayang")),
            ("mobile", Order(page=number, head="mobile", viewed=False, zoom="zoom-in", tail="mobile")),
        ):
            yield _text_case(f"text page {number} {name}", WAR, order)


_DATELINES = (
    "TRIBUNNEWS.COM - ",
    "TRIBUNNEWS.COM – ",
    "TRIBUNNEWS.COM -- ",
    "TRIBUNNEWS.COM, JAKARTA - ",
    "SURYA.CO.ID,SURABAYA--",
    "TRIBUN-MEDAN.COM, MEDAN – ",
    "TRIBUN-TIMUR.COM | MAKASSAR -",
    "SERAMBINEWS.COM|BANDA ACEH - ",
    "TRIBUNJATI.COM, BLITAR - ",
    "Tribunnews.Com, jakarta - ",
    "TribunPadang.com - ",
    "MANADO, TRIBUN - ",
    "BATAM, TRIBUNBATAM.id - ",
    "WARTAKOTALIVE.COM, TANAH ABANG — ",
    "TRIBUNLAMPUNG.CO.ID, BANDAR LAMPUNG - ",
    "POS-KUPANG.COM, SO'E - ",
)


def dateline_cases() -> Iterator[Case]:
    """One story under every form of dateline, as page and as text."""
    for at, dateline in enumerate(_DATELINES):
        story = replace(NEWS[4] if at % 2 else NEWS[11], dateline=dateline, name=dateline.strip())
        url, markup = page(story, "BCDE"[at % 4], style=("", "break", "linked", "spans")[at // 4])
        yield _case("html dateline", story, story.blocks, (markup,), url)
        yield _text_case("text dateline", story, Order(when="tayang", breaks=at % 3 == 1))


_ODD: tuple[tuple[str, str, str], ...] = (
    (
        "single quotes",
        'class="side-article txt-article multi-fontsize"',
        "class='side-article txt-article multi-fontsize'",
    ),
    (
        "other order",
        'class="side-article txt-article multi-fontsize"',
        'data-x="1" class="multi-fontsize txt-article side-article"',
    ),
    ("unquoted", 'id="arttitle"', "id=arttitle"),
    ("capitals", '<div class="side-article txt-article', '<DIV CLASS="side-article txt-article'),
    ("suffix", "</h1>", " - Halaman all</h1>"),
    ("plain baca", '<p class="baca"><strong><span class="more">', "<p><strong><span>"),
    ("unclosed", "</p>\n<p>", "\n<p>"),
    ("no break", "\n", " "),
    ("wrapped", "<p><strong>", '<p style="text-align: justify;"><span><strong>\n\t'),
    ("bare photo", '<a class="icon_zoom glightbox"', '<a class="glightbox"'),
)


def odd_cases() -> Iterator[Case]:
    """Small liberties of markup that change nothing for a reader."""
    for at, (name, old, new) in enumerate(_ODD):
        for story, generation in ((NEWS[at], "E"), (SPECIAL[at], "D"), (NEWS[11], "C")):
            url, markup = page(story, generation, number="all", style="keywords", form=("graph", "second")[at % 2])
            yield _case(f"html odd {name} {generation}", story, story.blocks, (markup.replace(old, new),), url)


def _text_case(name: str, story: Story, order: Order) -> Case:
    blocks = story.pages()[order.page - 1]
    authors = () if order.people in {"none", "empty", "editor", "lone"} else story.authors
    editors = () if order.people in {"none", "lone"} else story.editors
    kind: Kind = story.kind or "article"
    if story is ADVERT and "Content Writer" not in (*authors, *editors):
        kind = "article"
    return _case(
        name,
        story,
        blocks,
        (rendering(story, order),),
        story.address(dated=story is not VIDEO and not _numbered(story)),
        published=(_to_the_minute(story) if order.when else None,),
        authors=authors,
        editors=editors,
        kind=kind,
        charset=None,
    )


def all_cases() -> list[Case]:
    """Return the whole set, each name once."""
    cases: dict[str, Case] = {}
    for case in (*html_cases(), *host_cases(), *page_cases(), *text_cases(), *dateline_cases(), *odd_cases()):
        cases.setdefault(case.name, case)
    return list(cases.values())
