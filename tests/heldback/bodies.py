"""The body of a page: the blocks of a story as markup, with boxes and links between them."""

from html import escape

from tests.heldback.furniture import headlines, hole, script
from tests.heldback.story import Ad, Baca, Block, Bullets, Figure, Mark, Par, Story, Sub, Table, Verse


def body(story: Story, blocks: tuple[Block, ...], *, first: bool, last: bool, generation: str, style: str = "") -> str:
    """Return what stands inside the container of the text.

    Args:
        story: Whose text it is.
        blocks: The blocks of this page.
        first: The page begins the article: summary, second headline, report line and dateline come before.
        last: The page ends it: sign-off and "Artikel ini telah tayang di …" come after.
        generation: "A" to "E", or "m" and "amp".
        style: Words that vary the markup: "break" (line break behind the dateline), "linked" (the brand is a link),
            "spans", "upper" (tags in capitals), "entities".
    """
    parts: list[str] = []
    if first:
        parts += _above(story, generation)
    dateline = story.dateline if first else ""
    for number, block in enumerate(blocks):
        parts.append(_block(block, number, style, generation))
        if dateline and isinstance(block, Par):
            parts[-1] = _paragraph(block.text, dateline, style)
            dateline = ""
    if last and story.sign:
        parts.append(f"<p>{_text(story.sign, style)}</p>")
    if last and story.taken_from:
        parts.append(_taken(story.taken_from))
    markup = "\n".join(parts)
    return markup.replace("<p>", "<P>").replace("</p>", "</P>") if "upper" in style else markup


def _above(story: Story, generation: str) -> list[str]:
    parts = []
    if story.disclaimer:
        parts.append(f"<p><em>{escape(story.disclaimer)}</em></p>")
    if story.summary and generation == "E":
        points = "".join(f"<li>{escape(point)}</li>" for point in story.summary)
        parts.append(
            '<blockquote class="summary-article mceNonEditable"><strong class="summary-head">Ringkasan Berita:</strong>'
            f"\n<ul>\n{points}\n</ul>\n</blockquote>"
        )
    if story.second:
        parts.append(f"<p><strong>{escape(story.second)}</strong></p>")
    if story.reporter:
        parts.append(f"<p><strong>{escape(story.reporter)}</strong></p>")
    return parts


def _text(text: str, style: str) -> str:
    marked = escape(text, quote=False)
    if "entities" in style:
        marked = (
            marked.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("–", "&#8211;").replace(" Rp ", " Rp&nbsp;")
        )
    if "spans" in style:
        words = marked.split(" ")
        for place in range(3, len(words), 7):
            if "&" not in words[place] and "<" not in words[place]:
                words[place] = f'<span style="font-size: 12pt;">{words[place]}</span>'
        if len(words) > 6 and words[5].isalpha():
            words[5] = (
                f'<a class="blue" href="https://www.tribunnews.com/tag/{words[5]}" title="{words[5]}">{words[5]}</a>'
            )
        marked = " ".join(words)
    return marked


def _paragraph(text: str, place: str, style: str) -> str:
    brand = escape(place)
    if "linked" in style:
        word = brand.split()[0].rstrip(",")
        brand = brand.replace(word, f'<a href="https://www.tribunnews.com" title="{word}">{word}</a>', 1)
    if "break" in style:
        return f"<p><strong>{brand.rstrip()}</strong><br />{_text(text, style)}</p>"
    return f"<p><strong>{brand}</strong>{_text(text, style)}</p>"


def _block(block: Block, number: int, style: str, generation: str) -> str:
    match block:
        case Par(text, place) if place:
            return _paragraph(text, place, style.replace("break", ""))
        case Par(text):
            return f"<p>{_text(text, style)}</p>" + ("<p>&nbsp;</p>" if number % 3 == 2 else "")
        case Sub(text):
            tag = "h2" if generation == "E" else "h3" if number % 2 else "strong"
            return f"<p><strong>{escape(text)}</strong></p>" if tag == "strong" else f"<{tag}>{escape(text)}</{tag}>"
        case Verse(lines):
            return "<p>" + "<br />\n".join(escape(line, quote=False) for line in lines) + "</p>"
        case Bullets(lines):
            return "<ul>" + "".join(f"<li>{escape(line, quote=False)}</li>" for line in lines) + "</ul>"
        case Table(rows):
            cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
            return '<table border="1"><tbody>' + "".join(f"<tr>{row}</tr>\n" for row in cells) + "</tbody></table>"
        case Baca(title, form):
            return _baca(title, form)
        case Figure(caption, credit):
            note = f"{caption} ({credit})" if credit else caption
            return (
                f'<figure class="image"><img src="https://asset-2.tribunnews.com/www/foto/bank/originals/b.jpg" '
                f'alt="{escape(caption)}" loading="lazy"><figcaption>{escape(note)}</figcaption></figure>'
            )
        case Mark(text):
            return f"<p>{escape(text)}</p>"
        case Ad():
            return _box(number, generation)


def _box(number: int, generation: str) -> str:
    if generation == "m":
        rows = "".join(
            f'<li><a href="/regional/7900{n}/x">{title}</a></li>' for n, title in enumerate(headlines(3, 90))
        )
        name = "Berita Rekomendasi" if number % 2 else "BERITA TERKAIT"
        return f'<div class="ol_container"><div class="f16">{name}</div><ul class="ol_swipe">{rows}</ul></div>' + hole(
            number
        )
    return hole(number) + script(number) + hole(number + 3)


def _baca(title: str, form: str) -> str:
    link = f"https://www.tribunnews.com/nasional/7900001/{title.lower().replace(' ', '-')[:60]}"
    shown = escape(title, quote=False)
    if not title:
        return f'<p class="baca"><strong><a href="{link}">{escape(form)}</a></strong></p>'
    if form == "( Baca: ":
        return f'<p class="baca"><strong>{form}<a href="{link}">{shown}</a> )</strong></p>'
    return (
        f'<p class="baca"><strong><span class="more">{form}</span> <a title="{escape(title)}" href="{link}">{shown}</a>'
        "</strong></p>"
    )


def _taken(line: str) -> str:
    start, url = line.rsplit(", ", 1)
    return f'<p>{escape(start)}, <a href="{url.rstrip(".")}">{url}</a></p>'
