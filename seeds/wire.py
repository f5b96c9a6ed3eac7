"""Generated articles: invented Indonesian news put together from phrases, the same for the same number every time."""

from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from seeds import phrases
from seeds.sites import WWW, Site, slug_of

# One article about every 90 seconds over all sites is the pace of the site itself on a busy day.
PACE_S = 90
# Half of what is printed is printed by www, as every second host here.
_HOSTS = (
    *(WWW, "jabar.tribunnews.com", WWW, "kaltim.tribunnews.com"),
    *(WWW, "papua.tribunnews.com", WWW, "jateng.tribunnews.com", WWW, "manado.tribunnews.com"),
)
# High above the ids of the seeds, so that no two articles of a host share one.
_NEWEST_ID = {WWW: 7_958_656, "jabar.tribunnews.com": 1_336_400, "kaltim.tribunnews.com": 1_258_890}
_NEWEST_ID_ELSEWHERE = 2_905_000
_WWW_SECTIONS = ("nasional", "regional", "internasional", "bisnis", "superskor", "kesehatan", "metropolitan", "sains")
_REGIONAL_SECTIONS = {
    "kaltim.tribunnews.com": ("tribun-etam", "news"),
    "manado.tribunnews.com": ("sulawesi-utara", "news"),
}
# Every 17th of www comes from an agency and keeps the older, dated form of address.
_PARTS = (phrases.WHEN, phrases.WHO, phrases.DID, phrases.WHAT, phrases.WHY)
_AGENCY_EVERY = 17
_PAGED_EVERY = 6


class Head(NamedTuple):
    """What is known of a generated article before it is written."""

    name: str
    url: str
    content_id: str
    title: str
    topic_line: str | None
    tags: tuple[str, ...]
    published_at: datetime


def head(number: int, now: datetime) -> Head:
    """Return the head of the article printed `number` steps before now; it needs no text yet."""
    chance = Random(number)
    host = _HOSTS[number % len(_HOSTS)]
    event, place, turn = chance.choice(phrases.EVENTS), chance.choice(phrases.PLACES), chance.choice(phrases.TURNS)
    title = f"{event.headline} di {place}, {turn}"
    sections = _WWW_SECTIONS if host == WWW else _REGIONAL_SECTIONS.get(host, ("news", "berita-daerah"))
    section = chance.choice(sections)
    published_at = now - timedelta(seconds=PACE_S * number + chance.randrange(PACE_S))
    content_id = str(_NEWEST_ID.get(host, _NEWEST_ID_ELSEWHERE) - number)
    if host == WWW and number % _AGENCY_EVERY == 0:
        address = f"{section}/{published_at:%Y/%m/%d}/{slug_of(title)}-{number}"
    else:
        address = f"{section}/{content_id}/{slug_of(title)}"
    return Head(
        name=f"wire-{number:06d}",
        url=f"https://{host}/{address}",
        content_id=content_id,
        title=title,
        topic_line=event.topic if chance.random() < phrases.OFTEN else None,
        tags=(*event.tags, place),
        published_at=published_at,
    )


def pages(number: int) -> int:
    """Return over how many pages the site splits this article."""
    return 2 if number % _PAGED_EVERY == 1 else 1


def write(number: int, site: Site, title: str) -> dict[str, Any]:
    """Return the whole article as the JSON that a seed has, 250 to 450 words, without the facts of the desk."""
    chance = Random(number)
    # The same draws as in `head`, so that the text tells of the event and the place that the title names.
    event, place = chance.choice(phrases.EVENTS), chance.choice(phrases.PLACES)
    chance = Random(-number - 1)
    names = chance.sample(phrases.NAMES, 4)
    speaker, witness, author, editor = names
    words = {
        "event": event.phrase,
        "place": place,
        "speaker": speaker,
        "witness": witness,
        "office": chance.choice(phrases.OFFICES),
        "count": str(chance.randrange(12, 480)),
        "hour": f"{chance.randrange(5, 22):02d}.{chance.randrange(60):02d}",
        "zone": site.zone,
    }
    sentences = [chance.choice(phrases.SENTENCES).format(**words), *(_composed(chance) for _ in range(15))]
    chance.shuffle(sentences)
    quotes = [each.format(words=_composed(chance).rstrip("."), **words) for each in chance.sample(phrases.QUOTES, 4)]
    opening = event.opening.format(**words)
    paragraphs = [{"kind": "text", "text": opening}]
    paragraphs += [{"kind": "text", "text": sentence} for sentence in sentences[:6]]
    if chance.random() < phrases.OFTEN:
        paragraphs.append({"kind": "subhead", "text": chance.choice(phrases.SUBHEADS)})
    paragraphs += [{"kind": "text", "text": sentence} for sentence in sentences[6:12]]
    if chance.random() < phrases.SELDOM:
        paragraphs += [{"kind": "item", "text": each} for each in chance.sample(phrases.ITEMS, 3)]
    for sentence, quote in zip(sentences[12:], quotes, strict=True):
        paragraphs += [{"kind": "text", "text": quote}, {"kind": "text", "text": sentence}]
    has_summary = chance.random() < phrases.OFTEN
    credit = f"{site.brand.split('.')[0].capitalize()}/{author}"
    return {
        "kind": "article",
        "title": title,
        "second_headline": None,
        "topic_line": None,
        "lead": chance.choice(phrases.LEADS).format(**words),
        "summary": [each.format(**words) for each in chance.sample(phrases.SUMMARY, 3)] if has_summary else [],
        "dateline": {"brand": site.brand, "city": place.upper()},
        "paragraphs": paragraphs,
        "photos": [{"url": None, "credit": credit, "caption": chance.choice(phrases.CAPTIONS).format(**words)}],
        "authors": [author],
        "editors": [editor],
        "reporters": [],
        "sign_off": f"({site.spoken}/{author})" if chance.random() < phrases.OFTEN else "(*)",
        "source": None,
        "related": [{"title": chance.choice(phrases.RELATED), "url": None}],
        "viewed_on": None,
        "syndicated_from": None,
        "pages": {"read": 1, "total": 1},
        "is_premium": False,
        "is_complete": True,
    }


def _composed(chance: Random) -> str:
    """Return a sentence that hardly another article has."""
    when, who, did, what, why = (chance.choice(each) for each in _PARTS)
    return f"{when.capitalize()}, {who} {did} {what} {why}."
