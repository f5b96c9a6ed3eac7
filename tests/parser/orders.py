"""Renders a seed's article as plain text in every order of lines that the site's pages are known to have."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}
HEADER = "Sabtu, 4 Oktober 2025"
RESIDUE = "/:quality(30):format(webp):focal(0.5x0.5:0.5x0.5)/www/foto/bank/originals/IMG-1.jpg"
MENU = ("Home", "News", "Nasional", "Regional", "Internasional", "Bisnis", "Superskor", "Seleb", "Berita Terkini")
SIZES = "AA\n\nText Sizes\n\nMedium\n\nLarge\n\nLarger"
APP = "Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX"
COPYRIGHT = {
    2021: "© 2021 TRIBUNnews.com Network,a subsidiary of KG Media. All Right Reserved",
    2024: "© 2024 TRIBUNnews.com,a subsidiary of KG Media",
    2025: "© 2025 TribunNews.com, a subsidiary of KG Media. All Right Reserved",
}
DISCLAIMER = (
    "Tribuners adalah platform jurnalisme warga. Konten di bawah ini menjadi tanggung jawab penulisnya sendiri."
)
OTHERS = ("Kucing Oranye Diangkat Jadi Penjaga Perpustakaan Desa", "Harga Karung Goni Naik Tiga Kali Sepekan")
TAILS = {
    "www": ("Rekomendasi untuk Anda", *OTHERS, "Ikuti kami di", "AA", "Berita Terkini", *OTHERS, COPYRIGHT[2025]),
    "short": ("Berita Terkini", COPYRIGHT[2024]),
    "mobile": (
        "Dapatkan Berita Pilihan di WhatsApp Anda\nBaca WhatsApp Tribunnews",
        *("Wiki Terkait", OTHERS[0], COPYRIGHT[2021]),
    ),
    "cells": (
        "Dapatkan Berita Pilihan di WhatsApp Anda",
        *["No", "Tim", "Main", "1", "Elang", "12", "2", "Rajawali", "12"],
        COPYRIGHT[2021],
    ),
    "none": (),
}
_SHORT = 90
_MARKS = (".", "?", "!", ":", ";", ",", "”", '"')


@dataclass(frozen=True)
class Order:
    """One order of lines; each part is named after what the page shows."""

    header: bool = True
    above: Sequence[str] = ()
    ticker: bool = False
    tayang: str = "label"
    people: str = "lines"
    sizes: bool = False
    photo: str = "again"
    summary: str = "bullets"
    box: str = ""
    tail: str = "www"
    blank: bool = True


def render(article: Mapping[str, Any], order: Order) -> str:
    """Return the article as text; parts are divided by blank lines, or by line breaks alone."""
    parts = [
        *([HEADER] if order.header else []),
        *order.above,
        *(["Breaking News: Gempa Terasa sampai Dapur"] if order.ticker else []),
        *filter(None, (article["topic_line"], article["title"], article["lead"])),
        *_time(article, order),
        *_people(article, order),
        *([SIZES] if order.sizes else []),
        *(_photo(each, order, article["title"]) for each in article["photos"][:1]),
        *_summary(article, order),
        *filter(None, (article["second_headline"],)),
        *(f"Laporan Wartawan Tribunnews.com, {name}" for name in article["reporters"]),
        *([DISCLAIMER] if article["kind"] == "opinion" else []),
        *_text(article, order),
        *filter(None, (article["sign_off"], article["source"] and f"Sumber: {article['source']}")),
        *_syndication(article),
        *TAILS[order.tail],
    ]
    return ("\n\n" if order.blank else "\n").join(parts)


def expected(article: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """Return the JSON that an order of lines leaves of an article."""
    told = dict(article)
    told["viewed_on"] = "2025-10-04" if order.header else None
    if order.tayang in {"none", "typo", "ago"}:
        told |= {"published_at": None, "published_from": None}
    if order.tayang == "no zone" and article["published_at"]:
        local = datetime.fromisoformat(article["published_at"]).replace(tzinfo=None).isoformat()
        told |= {"published_at": f"{local}+07:00", "published_from": "time+host-zone"}
    if order.above == MENU and article["topic_line"] == "Tribunners":
        # Nobody can tell it from the last word of the menu.
        told["topic_line"] = None
    if order.people in {"none", "empty"}:
        told |= {"authors": [], "editors": []}
    if order.people == "editor":
        told["authors"] = []
    return told


def printed(moment: str) -> str:
    """Return a moment as the site prints it."""
    at = datetime.fromisoformat(moment)
    offset = at.utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset else 0
    return f"{WEEKDAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M} {ZONES[hours]}"


def _time(article: Mapping[str, Any], order: Order) -> list[str]:
    if order.tayang == "typo":
        return ["Tayang: Rabu, 13 Agustus 209 10:00 WIB"]
    if order.tayang == "ago":
        return ["1 jam dan 5 menit yang lalu"]
    if order.tayang == "none" or not article["published_at"]:
        return []
    time = printed(article["published_at"])
    if article["published_from"] == "time+host-zone" or order.tayang == "no zone":
        time = time.rpartition(" ")[0]
    if order.tayang == "wrong weekday":
        weekday, _, rest = time.partition(", ")
        time = f"{WEEKDAYS[WEEKDAYS.index(weekday) - 1]}, {rest}"
    return [time if order.tayang == "bare" else f"Tayang:\n{time}" if order.tayang == "below" else f"Tayang: {time}"]


def _people(article: Mapping[str, Any], order: Order) -> list[str]:
    authors, editors = ", ".join(article["authors"]), ", ".join(article["editors"])
    return {
        "none": [],
        "empty": ["Penulis:", "Editor:"],
        "bar": [f"Penulis: {authors}" if authors else "|", "|", f"Editor: {editors}"],
        "both": [f"Penulis: {authors} | Editor: {editors}"],
        "next": [*([f"Penulis:\n{authors}"] if authors else ["Penulis:"]), f"Editor:\n{editors}"],
        "apart": [*(["Penulis:", authors] if authors else ["Penulis:"]), "Editor:", editors],
        "editor": [f"Editor: {editors}"],
        "lines": [*([f"Penulis: {authors}"] if authors else []), f"Editor: {editors}"],
    }[order.people]


def _photo(photo: Mapping[str, Any], order: Order, title: str) -> str:
    credit, caption = photo["credit"], photo["caption"]
    return {
        "again": f"{credit}\n{caption}\n{caption}({credit})",
        "credit again": f"{credit}\n{caption} {credit}",
        "once": f"{credit}\n{caption}",
        "apart": f"{credit}\n\n{caption}",
        "twice": f"{caption} {credit}\n{caption} {credit} ({credit})",
        "zoom": f"zoom-in {title}\n{credit}\n{caption}",
        "zoom glued": f"zoom-inlihat foto {title}\n{RESIDUE}\n{credit}\n{caption}",
    }[order.photo]


def _summary(article: Mapping[str, Any], order: Order) -> list[str]:
    points = article["summary"]
    if not points:
        return []
    return {
        "bullets": ["Ringkasan Berita:\n" + "\n".join(f"- {point}" for point in points)],
        "together": ["Ringkasan Berita:\n" + "\n".join(points)],
        "apart": ["Ringkasan Berita:", *points],
    }[order.summary]


def _text(article: Mapping[str, Any], order: Order) -> list[str]:
    dateline = article["dateline"]
    start = ""
    if dateline:
        start = f"{', '.join(filter(None, (dateline['brand'], dateline['city'])))} - "
    parts: list[str] = []
    related = [f"Baca juga: {each['title']}" for each in article["related"]]
    for number, paragraph in enumerate(article["paragraphs"]):
        line = (start if not number else "") + paragraph["text"]
        is_bullet = paragraph["kind"] == "item" and " | " not in line and not re.match(r"\d{1,3}[.)] ", line)
        line = f"- {line}" if is_bullet else line
        is_short = paragraph["kind"] == "text" and len(line) <= _SHORT and not line.endswith(_MARKS)
        if parts and is_short:
            parts[-1] += f"\n{line}"
        else:
            parts.append(line)
        if number == 1:
            parts += related
            parts += [_photo(each, Order(photo="twice"), "") for each in article["photos"][1:]]
            parts += [order.box] if order.box else []
    return parts if len(article["paragraphs"]) > 1 else [*parts, *related]


def _syndication(article: Mapping[str, Any]) -> list[str]:
    original = article["syndicated_from"]
    if not original:
        return []
    return [f"Artikel ini telah tayang di {original['brand']} dengan judul {original['title']}, {original['url']}."]
