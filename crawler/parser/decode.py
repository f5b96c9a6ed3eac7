"""Bytes to text, without ever failing: byte order mark, then the header, then the page's own word, then UTF-8."""

import codecs
import re
from collections.abc import Mapping
from types import MappingProxyType

# Source: https://encoding.spec.whatwg.org/#names-and-labels, less "replacement" and "x-user-defined", which no page
# that can be read uses. Any other name, also one that Python has a codec for (rot13, idna, zlib), counts as not given.
_LABELS = """
utf-8: unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8
cp866: 866 cp866 csibm866 ibm866
iso8859_2: csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2
iso8859_3: csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3
iso8859_4: csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4
iso8859_5: csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988
iso8859_6: arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i
iso8859_6: iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987
iso8859_7: csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7
iso8859_7: iso_8859-7:1987 sun_eu_greek
iso8859_8: csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8
iso8859_8: iso_8859-8:1988 visual csiso88598i iso-8859-8-i logical
iso8859_10: csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6
iso8859_13: iso-8859-13 iso8859-13 iso885913
iso8859_14: iso-8859-14 iso8859-14 iso885914
iso8859_15: csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9
iso8859_16: iso-8859-16
koi8_r: cskoi8r koi koi8 koi8-r koi8_r
koi8_u: koi8-ru koi8-u
mac_roman: csmacintosh mac macintosh x-mac-roman
cp874: dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874
cp1250: cp1250 windows-1250 x-cp1250
cp1251: cp1251 windows-1251 x-cp1251
cp1252: ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1
cp1252: iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252
cp1253: cp1253 windows-1253 x-cp1253
cp1254: cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254
cp1254: x-cp1254
cp1255: cp1255 windows-1255 x-cp1255
cp1256: cp1256 windows-1256 x-cp1256
cp1257: cp1257 windows-1257 x-cp1257
cp1258: cp1258 windows-1258 x-cp1258
mac_cyrillic: x-mac-cyrillic x-mac-ukrainian
gb18030: chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk gb18030
big5hkscs: big5 big5-hkscs cn-big5 csbig5 x-x-big5
euc_jp: cseucpkdfmtjapanese euc-jp x-euc-jp
iso2022_jp: csiso2022jp iso-2022-jp
cp932: csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis
cp949: cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949
utf-16-be: unicodefffe utf-16be
utf-16-le: csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le
"""
CODECS: Mapping[str, str] = MappingProxyType(
    {
        label: codec
        for codec, _, labels in (line.partition(": ") for line in _LABELS.strip().splitlines())
        for label in labels.split()
    }
)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARK_STARTS = frozenset({b"\xef", b"\xff", b"\xfe"})
_SINGLE_BYTE = re.compile(r"cp8|cp12|iso8859|koi8|mac_")
_META_CHARSET = re.compile(rb"<meta\b[^>]{0,200}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.IGNORECASE)
_PLAIN_META = b'<meta charset="utf-8"'
# A page names its own encoding so early, or not at all.
_META_WITHIN = 1024


def as_utf8(body: bytes, charset: str | None = None) -> bytes:
    """Return a page as UTF-8 without byte order mark and NUL; bytes that are no UTF-8 may remain.

    Args:
        body: The page as it came.
        charset: What the Content-Type header names. Only names of the WHATWG standard count.
    """
    if body[:1] in _MARK_STARTS and (marked := next((each for each in _MARKS if body.startswith(each[0])), None)):
        mark, codec = marked
        body = body[len(mark) :]
    else:
        codec = _codec(body, charset)
    if codec != "utf-8":
        body = body.decode(codec, "replace").encode("utf-8", "replace")
    return body.replace(b"\0", b"") if b"\0" in body else body


def as_text(body: bytes, charset: str | None = None) -> str:
    """Return a document as text; what cannot be decoded becomes U+FFFD."""
    return as_utf8(body, charset).decode("utf-8", "replace")


def _codec(body: bytes, charset: str | None) -> str:
    codec = CODECS.get(charset.strip().lower()) if charset else None
    if codec == "utf-8":
        return codec
    if codec is None and body.find(_PLAIN_META, 0, _META_WITHIN) >= 0:
        return "utf-8"
    if codec is None and (found := _META_CHARSET.search(body, 0, _META_WITHIN)):
        codec = CODECS.get(found[1].decode("ascii").lower())
        if codec and codec.startswith("utf-16"):
            codec = "utf-8"  # a page whose word could be read so far is not in UTF-16
    if codec and _SINGLE_BYTE.match(codec) and _is_utf8(body):
        return "utf-8"  # servers often name Latin-1 for everything; what is valid UTF-8 by chance is UTF-8
    return codec or "utf-8"


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True
