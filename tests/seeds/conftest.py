"""What the tests of the newsroom share: two tiny seeds in a folder of their own, and a client."""

import gzip
import http.client
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from seeds.newsroom import Newsroom

FLOOD = "001_banjir"
SONG = "002_lagu"
_EMPTY: dict[str, Any] = {
    **dict.fromkeys(("url", "content_id", "host", "region", "section", "second_headline", "topic_line", "lead")),
    **dict.fromkeys(("dateline", "sign_off", "source", "published_at", "published_from", "modified_at", "viewed_on")),
    **{key: [] for key in ("summary", "paragraphs", "photos", "authors", "editors", "reporters", "tags", "related")},
    "kind": "article",
    "syndicated_from": None,
    "pages": {"read": 1, "total": 1},
    "is_premium": False,
    "is_complete": True,
}
_FLOOD: dict[str, Any] = {
    **_EMPTY,
    "title": 'Banjir di "Kampung" <Uji> & Sekitarnya',
    "second_headline": "Air Naik Sejak Subuh",
    "topic_line": "Banjir Uji",
    "lead": "Air setinggi lutut.",
    "summary": ["Air naik cepat.", "Warga aman."],
    "dateline": {"brand": "TRIBUNNEWS.COM", "city": "UJI"},
    "paragraphs": [
        {
            "kind": "text",
            "text": "Air naik sejak subuh dan merendam jalan desa sampai siang hari ini juga, Kampung Uji.",
        },
        {"kind": "subhead", "text": "Daftar bantuan"},
        {"kind": "item", "text": "1. Beras"},
        {"kind": "item", "text": "2. Air"},
        {"kind": "item", "text": "Selimut & tikar"},
        {"kind": "item", "text": "Pos | Jumlah"},
        {"kind": "quote", "text": '"Kami siap </script> membantu."'},
        {"kind": "text", "text": "Petugas tetap berjaga."},
        {"kind": "text", "text": "Hujan sudah reda."},
    ],
    "photos": [
        {"url": None, "credit": "Tribun/Uji", "caption": "Warga menyapu lumpur."},
        {"url": None, "credit": "Tribun/Dua", "caption": "Perahu karet datang."},
    ],
    "authors": ["Ani Uji"],
    "editors": ["Budi Uji"],
    "reporters": ["Ani Uji"],
    "sign_off": "(*)",
    "source": "Kantor Desa",
    "related": [{"title": "Cara Menyapu Lumpur", "url": None}],
    "syndicated_from": {
        "brand": "Tribunjabar.id",
        "title": "Banjir Uji",
        "url": "https://jabar.tribunnews.com/news/1/x",
    },
}
_SONG: dict[str, Any] = {
    **_EMPTY,
    "title": "Lirik Lagu Uji",
    "dateline": {"brand": "TRIBUNKALTIM.CO", "city": None},
    "paragraphs": [
        {"kind": "text", "text": "Berikut liriknya."},
        {"kind": "text", "text": "Satu dua tiga"},
        {"kind": "text", "text": "Empat lima enam"},
    ],
}
_SONG_TEXT = "Lirik Lagu Uji\n\nTRIBUNKALTIM.CO -\nBerikut liriknya.\n\nSatu dua tiga\nEmpat lima enam\n"
_DESK = f"""\
["{FLOOD}"]
url = "https://www.tribunnews.com/regional/7001/banjir-uji"
content_id = "7001"
published_at = 2026-07-24T17:30:10+07:00
modified_at = 2026-07-24T17:40:20+07:00
tags = ["Kampung Uji", "banjir"]
pages = 2

["{SONG}"]
url = "https://kaltim.tribunnews.com/2024/03/02/lirik-lagu-uji"
content_id = "55"
published_at = 2024-03-02T23:30:00+07:00
"""


@dataclass(frozen=True, slots=True)
class Got:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def unzipped(self) -> bytes:
        return gzip.decompress(self.body)


Ask = Callable[..., Got]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with two seeds: a news article of two pages and a song of a WITA region."""
    folder = tmp_path / "seeds"
    folder.mkdir()
    (folder / f"{FLOOD}.json").write_text(json.dumps(_FLOOD), encoding="utf-8")
    (folder / f"{SONG}.json").write_text(json.dumps(_SONG), encoding="utf-8")
    (folder / f"{SONG}.txt").write_text(_SONG_TEXT, encoding="utf-8")
    (folder / "desk.toml").write_text(_DESK, encoding="utf-8")
    return folder


@pytest.fixture
def room(tiny: Path) -> Iterator[Newsroom]:
    """A newsroom of the two tiny seeds."""
    with Newsroom(seeds=tiny) as opened:
        yield opened


@pytest.fixture
def big(tiny: Path) -> Iterator[Newsroom]:
    """A newsroom with 700 generated articles besides, half of them on www."""
    with Newsroom(seeds=tiny, articles=700) as opened:
        yield opened


@pytest.fixture
def ask() -> Ask:
    """Ask a newsroom for an address, as the site whose host stands in it, on a connection of its own."""

    def send(newsroom: Newsroom, address: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> Got:
        parts, place = urlsplit(address), urlsplit(newsroom.url)
        host = {"Host": parts.netloc} if parts.netloc else {}
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
        try:
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, target, headers={**host, **(headers or {})})
            response = connection.getresponse()
            return Got(response.status, response.headers, response.read())
        finally:
            connection.close()

    return send
