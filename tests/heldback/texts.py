"""Plain-text renderings of a story, in every order of lines that pages have been seen to flatten to."""

from dataclasses import dataclass

from tests.heldback import furniture
from tests.heldback.pages import printed
from tests.heldback.story import Ad, Baca, Block, Bullets, Figure, Mark, Par, Story, Sub, Table, Verse


@dataclass(frozen=True)
class Order:
    """Which lines a rendering has, and how.

    `head`: www, amp, mobile. `when`: "" (not printed), "tayang", "next", "bare". `people`: same, next, columns, both, empty, pipe,
    editor, lone, none, copied (only after the text, as the site's copy script does). `tail`: www, mobile, league, amp, none.
    """

    head: str = "www"
    viewed: bool = True
    topic: bool = True
    lead: bool = True
    when: str = ""
    zone: bool = True
    people: str = "same"
    zoom: str = ""
    caption: str = "repeat"
    summary: bool = True
    breaks: bool = False
    residue: bool = False
    boxes: str = "baca"
    tail: str = "www"
    tight: bool = False
    page: int = 1
    suffix: bool = False
    crlf: bool = False


def rendering(story: Story, order: Order) -> str:
    """Return the document."""
    groups: list[list[str]] = []
    pages = story.pages()
    first, last = order.page == 1, order.page == len(pages)
    groups += _head(story, order)
    groups += [[line] for line in _time_and_people(story, order)]
    groups += _picture(story, order)
    if first and story.disclaimer:
        groups.append([story.disclaimer])
    if first and order.summary and story.summary:
        groups.append(["Ringkasan Berita:"])
        # Where no dateline ends the box, only the marks tell how far it goes.
        marked = order.breaks or not story.dateline
        groups += [[f"- {point}" if marked else point] for point in story.summary]
    if first and story.second:
        groups.append([story.second])
    if first and story.reporter:
        groups.append([story.reporter])
    groups += _text(story, pages[order.page - 1], order, first=first)
    if last and story.sign:
        groups.append([story.sign])
    if order.people == "copied" or (last and story.taken_from):
        groups.append(_taken(story, order))
    groups += _tail(story, order)
    text = ("\n" if order.tight else "\n\n").join("\n".join(group) for group in groups if group) + "\n"
    if order.crlf:
        text = "\ufeff" + text.replace(", ", ",\u00a0").replace("\n", " \r\n").replace(" yang ", "  yang ")
    return text


def _head(story: Story, order: Order) -> list[list[str]]:
    groups: list[list[str]] = []
    if order.head == "mobile":
        groups += [["Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX"], ["Tribun"]]
    if order.head == "amp":
        groups += [[name] for name in (*furniture.SECTIONS, *furniture.MORE_SECTIONS)]
    if order.viewed:
        groups.append(["Sabtu, 4 Oktober 2025"])
    groups += [[line] for line in story.branding]
    if order.topic and story.topic:
        groups.append([story.topic])
    suffix = f" - Halaman {order.page}" if order.suffix else ""
    groups.append([story.title + suffix])
    if order.lead and story.lead:
        groups.append([story.lead])
    return groups


def _time_and_people(story: Story, order: Order) -> list[str]:
    lines: list[str] = []
    if order.when == "next":
        lines += ["Tayang:", printed(story).replace("WITA", "Wita")]
    elif order.when:
        lines.append(("Tayang: " if order.when == "tayang" else "") + printed(story, zone=order.zone))
    authors, editors = ", ".join(story.authors), ", ".join(story.editors)
    match order.people:
        case "same":
            lines += [f"Penulis: {authors}"] if authors else []
            lines += [f"Editor: {editors}"] if editors else []
        case "next":
            lines += ["Penulis:", authors] if authors else []
            lines += ["Editor:", editors] if editors else []
        case "both":
            lines.append(f"Penulis: {authors} | Editor: {editors}")
        case "columns":
            lines += ["Penulis:", authors, "|", "Editor:", editors]
        case "empty":
            lines += ["Penulis:", f"Editor: {editors}"]
        case "pipe":
            lines += [f"Penulis: {authors}", "|", f"Editor: {editors}"]
        case "editor":
            lines.append(f"Editor: {editors}")
        case "lone":
            lines.append("|")
        case _:
            pass
    if order.head == "amp":
        lines += ["AA", "Text Sizes", "Medium", "Large", "Larger"]
    return lines


def _picture(story: Story, order: Order) -> list[list[str]]:
    if not story.caption:
        return []
    lines = []
    if order.zoom:
        lines.append(f"{order.zoom} {story.title}")
    if order.residue:
        lines.append(f"/:quality(30):format(webp):focal(0.5x0.5:0.5x0.5)/{story.host}/foto/bank/originals/A-B-C.jpg")
    if order.head == "amp":
        return [[*lines, f"{story.caption} ({story.credit})"]]
    lines += [story.credit, story.caption]
    if order.caption == "repeat":
        lines.append(f"{story.caption} ({story.credit})")
    if order.caption == "glued":
        lines[-1] = f"{story.caption}({story.credit})"
    return [lines]


def _text(story: Story, blocks: tuple[Block, ...], order: Order, *, first: bool) -> list[list[str]]:
    groups: list[list[str]] = []
    dateline = story.dateline if first else ""
    for number, block in enumerate(blocks):
        match block:
            case Par(text, place):
                lead = place or dateline
                dateline = "" if not place else dateline
                groups.append([lead.rstrip(), text] if order.breaks and lead else [lead + text])
            case Sub(text) | Mark(text):
                groups.append([text])
            case Verse(lines):
                groups.append(list(lines))
            case Bullets(lines):
                groups.append([f"- {line}" for line in lines])
            case Table(rows):
                groups.append([" | ".join(row) for row in rows])
            case Baca(title, form):
                groups.append([f"{form}{title}" + (" )" if form.startswith("(") else "")])
            case Figure(caption, credit):
                groups.append([caption, f"{caption} ({credit})" if credit else caption])
            case Ad():
                groups += _box(number, order)
    return groups


def _box(number: int, order: Order) -> list[list[str]]:
    titles = furniture.headlines(3, 60 + number)
    match order.boxes:
        case "pipes":
            return [[part for title in titles for part in ("![]() |", f"{title} |", "---|")]]
        case "bullets":
            return [["Berita Rekomendasi"], [f"• {title}" for title in titles]]
        case "terkait":
            return [["BERITA TERKAIT"], [f"• {title}" for title in titles]]
        case _:
            return [[f"Baca juga: {titles[0]}"]]


def _taken(story: Story, order: Order) -> list[str]:
    if order.people != "copied":
        return [story.taken_from]
    url = story.address(dated=True)
    return [
        f"Artikel ini telah tayang di Tribunnews.com dengan judul {story.title}, {url}.",
        f"Penulis: {', '.join(story.authors)}",
        f"Editor: {', '.join(story.editors)}",
    ]


def _tail(story: Story, order: Order) -> list[list[str]]:
    titles = [[title] for title in furniture.headlines(4, 20)]
    source = [[f"Sumber: {story.source}"]] if story.source else []
    match order.tail:
        case "www":
            news = ["Rekomendasi untuk Anda"], *titles[:2], ["Ikuti kami di"], ["AA"], ["Berita Terkini"], *titles[2:]
            return [*source, *news, [furniture.COPYRIGHT]]
        case "mobile":
            wiki = ["Dapatkan Berita Pilihan di WhatsApp Anda", "Baca WhatsApp Tribunnews"], ["Wiki Terkait"], *titles
            return [*source, *wiki, [furniture.COPYRIGHT]]
        case "league":
            cells = [
                [cell] for cell in ("Wiki Terkait", "Klasemen", "1", "Bahari United", "22", "2", "Persikota", "19")
            ]
            return [*source, *cells, [furniture.COPYRIGHT]]
        case "amp":
            return [*source, ["Berita Terkini"], *titles, [furniture.COPYRIGHT]]
        case _:
            return source
