"""The tree of a query: pure data.

`query.py` makes it of what was typed, `evaluate.py` asks it of an article, and the archive makes SQL of it. What each
part means is said here, once; whoever reads the tree gives the same answer.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

# The fields of an article that have words: `lead` is the second headline and the lead, `author` the authors and the
# reporters. `tag` and `author` are read one after another, as if printed in a line.
TextField = Literal["title", "lead", "text", "tag", "author"]
# Where a word is looked for that names no field.
ANYWHERE: tuple[TextField, ...] = ("title", "lead", "text", "tag")
FacetName = Literal["section", "region", "kind", "topic"]


@dataclass(frozen=True, slots=True)
class Token:
    """One word, folded (`words.fold`).

    An acronym only counts where the text has it in capitals. A prefix stands for every word that begins with it. Of a
    family every form counts (`families.forms`); `folded` is then the word that was typed. At most one of them is set.
    """

    folded: str
    is_acronym: bool = False
    is_prefix: bool = False
    is_family: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand next to each other in one of the fields; a single word is a phrase of one.

    `printed` is how it was typed, for those who are told of it; two phrases that ask the same are equal.
    """

    tokens: tuple[Token, ...]
    fields: tuple[TextField, ...] = ANYWHERE
    printed: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Two phrases in the same field, in either order, with at most `within` words between them; they may overlap."""

    left: Phrase
    right: Phrase
    within: int


@dataclass(frozen=True, slots=True)
class Facet:
    """What is known of the article: its section, region or kind, or a topic that it has; compared folded by case."""

    name: FacetName
    value: str


@dataclass(frozen=True, slots=True)
class Dated:
    """Ordered (published, else listed, else first stored) at or after `since`, and before `until`; None is no bound."""

    since: datetime | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every part must hold; there are two or more."""

    parts: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part must hold; there are two or more."""

    parts: "tuple[Node, ...]"


Node: TypeAlias = Phrase | Near | Facet | Dated | Not | All | AnyOf
