"""Printed text made even: one space where any white space was, one form for every letter, nothing invisible."""

import re
import unicodedata

# Controls, soft hyphens, zero-width and direction marks, and surrogates that JSON can smuggle in.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]+"
)


# In a longer text, letters with more marks than this are of no language (the stream-safe form of Unicode, UAX 15):
# putting the marks in order costs the square of their number.
_LONG = 1_000
_MOST_MARKS = 30


def tidy(text: str) -> str:
    """Return the text on one line, in NFC, without outer white space; quotes and dashes stay as printed."""
    if not text.isprintable() or "  " in text:  # printable means that the only white space is the space
        text = " ".join(text.split())
        if not text.isprintable():
            text = " ".join(_UNSEEN.sub("", text).split())
    else:
        text = text.strip(" ")
    return text if text.isascii() else _composed(text)


def _composed(text: str) -> str:
    """Return the text in NFC, piles of marks cut short where they would cost too much."""
    if len(text) <= _LONG or unicodedata.is_normalized("NFC", text):
        return unicodedata.normalize("NFC", text)
    kept: list[str] = []
    marks = 0
    for letter in text:
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept))
