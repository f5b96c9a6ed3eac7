"""What a database can hold: text without NUL and without lone surrogates, which JSON-LD lets through."""

import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def clean_text(value: str) -> str:
    """Return the text with each character that no database holds replaced by U+FFFD; places do not move."""
    return _UNSTORABLE.sub(_REPLACEMENT, value)


def clean_value(value: Any) -> Any:
    """Return a JSON value with all its texts, keys included, cleaned."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): clean_value(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [clean_value(each) for each in value]
    return value
