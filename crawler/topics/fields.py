"""The names of fields, and what people write when they mean one of them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, get_args

from crawler.nearest import nearest_name
from crawler.topics.mending import mistake, put, shown
from crawler.topics.tree import FacetName, TextField

TEXT_FIELDS: Final[Mapping[str, TextField]] = MappingProxyType({name: name for name in get_args(TextField)})
FACETS: Final[Mapping[str, FacetName]] = MappingProxyType({name: name for name in get_args(FacetName)})
DATES: Final = ("after", "before")
FIELDS: Final = (*TEXT_FIELDS, *FACETS, *DATES)
# What people write before a colon when they mean one of the fields.
_MEANT: Final[Mapping[str, str]] = MappingProxyType(
    {
        wrong: field
        for field, wrongs in (
            ("title", "judul headline"),
            ("lead", "teras subjudul"),
            ("text", "isi teks body konten content"),
            ("tag", "tags label keyword"),
            ("author", "penulis wartawan reporter jurnalis"),
            ("section", "rubrik kanal kategori category"),
            ("region", "daerah wilayah site situs"),
            ("kind", "jenis tipe type"),
            ("topic", "topik topics"),
            ("after", "sejak setelah sesudah mulai since from tgl tanggal date hari bulan tahun"),
            ("before", "sebelum hingga sampai until"),
        )
        for wrong in wrongs.split()
    }
)
# Shorter names before a colon are none of ours: "QS:2", "a:b".
_FEWEST_LETTERS: Final = 3
# Less alike is another word: "LIVE:" is not meant to be lead.
_LIKENESS: Final = 0.7


def field_name(text: str, found: re.Match[str]) -> str | None:
    """Return the field that these letters and their colon name; None where they are words, as in "Catatan: ".

    Letters glued to what follows look like a field, and are refused when there is none of this name: to search for
    the words would answer another question, and find nothing. So would "title=banjir".
    """
    wrong, sign = found["field"][:-1].rstrip(), found["field"][-1]
    name = wrong.casefold()
    if name in FIELDS and sign == ":":
        return name
    rest = text[found.end() :]
    is_glued = found["field"] == f"{wrong}:" and rest[:1].strip() not in {"", ")"} and not rest.startswith("//")
    is_ours = name in FIELDS or name in _MEANT
    if not is_ours and not (is_glued and len(name) >= _FEWEST_LETTERS):
        return None
    meant = name if name in FIELDS else _MEANT.get(name) or nearest_name(name, FIELDS, likeness=_LIKENESS)
    if meant is not None:
        mended = put(text, found.start(), found.end(), f"{meant}:")
        mend = f"write {meant}:"
    else:
        mended = f"{text[: found.end()]} {rest}"
        mend = f"the fields are {' '.join(f'{field}:' for field in FIELDS)}"
    raise mistake(
        f"there is no field {shown(wrong)}{sign}, {mend}; in quotation marks it is a word",
        text=text,
        column=found.start(),
        mended=mended,
    )
