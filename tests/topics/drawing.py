"""Random articles and queries of few words, so that they often meet: acronyms, numbers, repeated words, field borders.

`draw_article` and `draw_query` take a `random.Random`, so that a seed repeats them. `draw_tree` is what a query asks,
made without the parser; `query_text` types it, in one of many ways.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from crawler.article import Article, Kind, Paragraph
from crawler.dates import ZONES
from crawler.topics.grammar import MAX_WORDS
from crawler.topics.tree import (
    ANYWHERE,
    All,
    AnyOf,
    Dated,
    Facet,
    Near,
    Node,
    Not,
    Phrase,
    TextField,
    Token,
)

WIB = ZONES["WIB"]
SECTIONS = ("nasional", "bisnis", "sport")
REGIONS = ("nasional", "jabar", "bali")
KINDS: tuple[Kind, ...] = ("article", "opinion", "photo", "video")
TOPICS = ("Banjir", "Konflik Rusia Vs Ukraina", "Partai")
# The borders of days, months and years in Jakarta, and what is a second before them.
_BORDERS = (datetime(2024, 1, 1, tzinfo=WIB), datetime(2024, 5, 1, tzinfo=WIB), datetime(2024, 5, 2, tzinfo=WIB))

# As articles print words: the same word in several ways, words that look alike, forms of one family.
_PRINTED = (
    *("banjir", "Banjir", "BANJIR", "kebanjiran", "banjirnya", "rob", "Rob", "Demak", "di", "Di", "DI", "it", "IT"),
    *("pan", "Pan", "PAN", "PAN", "panel", "kpk", "KPK", "KPK-nya", "ketua", "Ketua", "bank", "bankir", "perbankan"),
    *("serang", "menyerang", "diserang", "serangan", "serangannya", "tangkap", "ditangkap", "penangkapan"),
    *("covid-19", "Covid 19", "COVID-19", "19", "U-23", "ke-80", "Rp10.000", "Rp 10.000", "10000", "5,2", "5.2"),
    *("Jum'at", "Jumat", "jum’at", "anak", "anak-anak", "kereta", "api", "–", "%"),
    *(("a", "b", "di", "Di", "pan", "anak") * 3),
)
_GAPS = (*" " * 12, ", ", ". ", " (", ") ", "-", "/", "\n\n", " “", "” ")
# As queries type words, and what they ask for.
_TYPED: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((word, (word,)) for word in ("banjir", "rob", "demak", "di", "it", "pan", "kpk", "ketua", "bank", "19", "10000")),
    *((word, (word,)) for word in ("serang", "tangkap", "anak", "kereta", "api", "a", "b", "a", "b", "jumat", "nya")),
    *(("Banjir", ("banjir",)), ("BANJIR", ("banjir",)), ("Pan", ("pan",)), ("Jum'at", ("jumat",)), ("5,2", ("5ˑ2",))),
    *(("covid-19", ("covid", "19")), ("U-23", ("u", "23")), ("ke-80", ("ke", "80")), ("Rp10.000", ("rp", "10000"))),
    *(("anak-anak", ("anak", "anak")), ("di/it", ("di", "it"))),
)
_ACRONYMS = ("PAN", "KPK", "DI", "IT", "COVID")
_PREFIXES = ("ban", "bank", "se", "serang", "pan", "10", "ke", "di", "anak")
_PLAIN = ("serang", "tangkap", "banjir", "anak", "bank", "pan", "di", "kereta")
# They stand in most articles, so that some of them are near.
_COMMON = ("a", "b", "di", "pan", "anak")
_FIELDS: tuple[TextField, ...] = ("title", "lead", "text", "tag", "author")


@dataclass(frozen=True, slots=True)
class Drawn:
    """An article with what the archive knows of it."""

    article: Article
    ordered_at: datetime
    topics: frozenset[str]


def draw_article(random: Random) -> Drawn:
    """Return an article of a few words in each field; any of the fields may be empty."""
    ordered_at = random.choice(_BORDERS) + timedelta(seconds=random.choice((-86_400, -1, 0, 1, 3_600)))
    article = Article(
        title=_printed(random, 6),
        second_headline=_printed(random, 4) or None,
        lead=_printed(random, 4) or None,
        paragraphs=tuple(Paragraph("text", text) for _ in range(random.randrange(4)) if (text := _printed(random, 24))),
        tags=_several(random, 4),
        authors=_several(random, 2),
        reporters=_several(random, 2),
        section=random.choice((*SECTIONS, "Bisnis", None)),
        region=random.choice((*REGIONS, None)),
        kind=random.choice(KINDS),
        published_at=ordered_at,
        published_from="jsonld",
    )
    return Drawn(article, ordered_at, frozenset(random.sample(TOPICS, random.randrange(3))))


def draw_query(random: Random, *, has_topics: bool = True) -> str:
    """Return the text of a query that can be understood."""
    return query_text(draw_tree(random, has_topics=has_topics), random)


def draw_tree(random: Random, *, depth: int = 3, has_topics: bool = True) -> Node:
    """Return what a query may ask for; with `has_topics` also for topics."""
    while True:
        tree = _draw_part(random, depth, has_topics=has_topics)
        if _words(tree) <= MAX_WORDS:
            return tree


def query_text(node: Node, random: Random) -> str:
    """Return a query that asks for the tree: brackets where they are needed, and now and then where they are not."""
    return _typed(node, random, 0)


def _printed(random: Random, most: int) -> str:
    words = [random.choice(_PRINTED) for _ in range(random.randint(0, most))]
    return "".join(word + random.choice(_GAPS) for word in words).strip()


def _several(random: Random, most: int) -> tuple[str, ...]:
    return tuple(text for _ in range(random.randint(0, most)) if (text := _printed(random, 2)))


def _draw_part(random: Random, depth: int, *, has_topics: bool) -> Node:
    if depth == 0 or random.random() < 0.3:
        return _draw_leaf(random, has_topics=has_topics)
    parts = tuple(_draw_part(random, depth - 1, has_topics=has_topics) for _ in range(random.randint(2, 3)))
    return random.choice((All(parts), AnyOf(parts), AnyOf(parts), Not(parts[0])))


def _words(node: Node) -> int:
    if isinstance(node, All | AnyOf):
        return sum(map(_words, node.parts))
    if isinstance(node, Not):
        return _words(node.part)
    if isinstance(node, Near):
        return _words(node.left) + _words(node.right)
    return len(node.tokens) if isinstance(node, Phrase) else 1


def _draw_leaf(random: Random, *, has_topics: bool) -> Node:
    chance = random.random()
    if chance < 0.65:
        return _draw_phrase(random)
    if chance < 0.85:
        left, right = (_draw_common(random) if random.random() < 0.5 else _draw_phrase(random) for _ in range(2))
        fields = ANYWHERE if random.random() < 0.7 else (random.choice(_FIELDS),)
        return Near(replace(left, fields=fields), replace(right, fields=fields), random.choice((1, 2, 3, 5, 10, 100)))
    if chance < 0.92:
        border = random.choice(_BORDERS)
        return random.choice((Dated(border, None), Dated(None, border)))
    names = ("section", "region", "kind", "topic") if has_topics else ("section", "region", "kind")
    values = {"section": SECTIONS, "region": REGIONS, "kind": KINDS, "topic": TOPICS}
    name = random.choice(names)
    value = random.choice(values[name])
    value = random.choice((value, value, value.upper()))
    # One by one, so that each name is known to be one of a facet.
    facets = {
        "section": Facet("section", value),
        "region": Facet("region", value),
        "kind": Facet("kind", value),
        "topic": Facet("topic", value),
    }
    return facets[name]


def _draw_common(random: Random) -> Phrase:
    word = random.choice(_COMMON)
    return Phrase((Token(word),), printed=word)


def _draw_phrase(random: Random) -> Phrase:
    fields = ANYWHERE if random.random() < 0.6 else (random.choice(_FIELDS),)
    chance = random.random()
    if chance < 0.12:
        prefix = random.choice(_PREFIXES)
        return Phrase((Token(prefix, is_prefix=True),), fields, f"{prefix}*")
    if chance < 0.24:
        word = random.choice(_PLAIN)
        return Phrase((Token(word, is_family=True),), fields, f"~{word}")
    if chance < 0.36:
        word = random.choice(_ACRONYMS)
        return Phrase((Token(word.lower(), is_acronym=True),), fields, word)
    tokens: list[Token] = []
    typed = []
    for _ in range(random.choice((1, 1, 1, 2, 2, 3))):
        if random.random() < 0.15:
            word = random.choice(_ACRONYMS)
            tokens.append(Token(word.lower(), is_acronym=True))
        else:
            word, folded = random.choice(_TYPED)
            tokens.extend(Token(each) for each in folded)
        typed.append(word)
    # A phrase may end in a prefix, and all of its words may be families.
    if len(typed) > 1 and random.random() < 0.2:
        prefix = random.choice(_PREFIXES)
        return Phrase((*tokens, Token(prefix, is_prefix=True)), fields, f'"{" ".join(typed)} {prefix}*"')
    if random.random() < 0.1 and any(_is_plain(token) for token in tokens):
        families = tuple(replace(token, is_family=_is_plain(token)) for token in tokens)
        return Phrase(families, fields, f'~"{" ".join(typed)}"')
    quoted = len(typed) > 1 or random.random() < 0.2
    return Phrase(tuple(tokens), fields, f'"{" ".join(typed)}"' if quoted else typed[0])


def _is_plain(token: Token) -> bool:
    return not token.is_acronym and token.folded.isalpha()


def _typed(node: Node, random: Random, strength: int) -> str:
    """Return the part as typed inside what binds so strongly: 0 nothing, 1 OR, 2 AND, 3 NOT, 4 a dash."""
    if isinstance(node, AnyOf):
        own, text = 1, f" {random.choice(('OR', 'or', 'Or'))} ".join(_typed(part, random, 1) for part in node.parts)
    elif isinstance(node, All):
        own, text = 2, random.choice((" ", " AND ", " and ")).join(_typed(part, random, 2) for part in node.parts)
    elif isinstance(node, Not):
        own, text = 3, f"{random.choice(('NOT ', 'not ', '-'))}{_typed(node.part, random, 4)}"
    elif isinstance(node, Near):
        near = "NEAR" if node.within == 10 else f"NEAR/{node.within}"
        left, right = (_leaf_text(phrase) for phrase in (node.left, node.right))
        own, text = 4, f"{left} {near} {right}"
    else:
        own, text = 5, _leaf_text(node)
    if own < strength or random.random() < 0.1:
        return f"({text})"
    return text


def _leaf_text(node: Node) -> str:
    if isinstance(node, Phrase):
        return node.printed if node.fields == ANYWHERE else f"{node.fields[0]}:{node.printed}"
    if isinstance(node, Facet):
        return f'{node.name}:"{node.value}"' if " " in node.value else f"{node.name}:{node.value}"
    if isinstance(node, Dated):
        if node.since is not None:
            return f"after:{node.since:%Y-%m-%d}"
        assert node.until is not None
        return f"before:{node.until:%Y-%m-%d}"
    raise AssertionError(node)
