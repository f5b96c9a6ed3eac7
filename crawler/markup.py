"""Looks at markup before it is parsed: what would cost more than any page may is refused.

A tree grows quadratically dear with the attributes of one tag and with the depth of nesting: 100,000 attributes cost
20 seconds, 100,000 open elements as much. The bytes tell both in milliseconds. Names are counted one by one, and raw
text, comments and quoted values are passed over as a browser does, so that stray end tags do not hide anything.
"""

import re

from crawler.errors import PageRefusedError

LONGEST_TAG_BYTES = 20_000
DEEPEST = 500

_TAG = re.compile(
    rb"<(?:!--.*?(?:--!?>|\Z)"
    rb"|(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])(?P<within>[^>]*+)(?:>|\Z).*?"
    rb"(?=</(?P=raw)[\s/>]|\Z)"
    rb"|(?P<end>/?)(?P<name>[a-z][^\s/>]*+)"
    # Attributes as the tokenizer of HTML reads them: a quotation mark counts only behind name and "=".
    rb"(?P<attributes>(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+)?+)?+)*+)(?:>|\Z))",
    re.IGNORECASE | re.DOTALL,
)
# These hold nothing, or the next of their kind closes them.
_NEVER_DEEP = frozenset(
    b"area base br col embed hr img input link meta param source track wbr p li dt dd option optgroup "
    b"tr td th tbody thead tfoot colgroup".split()
)


def check_markup(markup: bytes, url: str | None) -> None:
    """Look at a page or a part of one before it is parsed.

    Raises:
        PageRefusedError: A tag is too long, or elements are nested too deep.
    """
    if len(markup) <= LONGEST_TAG_BYTES and markup.count(b"<") <= DEEPEST:
        return
    is_open: dict[bytes, int] = {}
    depth = 0
    for found in _TAG.finditer(markup):
        start, end = found.span()
        if end - start > LONGEST_TAG_BYTES and len(found["attributes"] or found["within"] or b"") > LONGEST_TAG_BYTES:
            raise PageRefusedError(url, f"a tag of {end - start:,} bytes at byte {start:,}")
        name = found["name"]
        if name is None or (name := name.lower()) in _NEVER_DEEP:
            continue
        count = is_open.get(name, 0)
        if not found["end"]:
            is_open[name] = count + 1
            depth += 1
            if depth > DEEPEST:
                raise PageRefusedError(url, f"more than {DEEPEST} elements inside each other at byte {start:,}")
        elif count:
            is_open[name] = count - 1
            depth -= 1
