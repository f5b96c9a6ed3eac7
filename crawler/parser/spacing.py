"""Printed text made even: one space where any white space was, one form for every letter, nothing invisible."""

import re
import unicodedata

# Controls, soft hyphens, zero-width and direction marks, and surrogates that JSON can smuggle in.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]+"
)


def tidy(text: str) -> str:
    """Return the text on one line, in NFC, without outer white space; quotes and dashes stay as printed."""
    if not text.isprintable() or "  " in text:  # printable means that the only white space is the space
        text = " ".join(text.split())
        if not text.isprintable():
            text = " ".join(_UNSEEN.sub("", text).split())
    else:
        text = text.strip(" ")
    return text if text.isascii() else unicodedata.normalize("NFC", text)
