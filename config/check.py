"""Checking settings: values with their origin to the types of `model.py`, or one line for each that is wrong."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from config.layers import Value
from config.model import KEYS, PATHS, SECRETS, SECTIONS, ListingSettings, Section
from crawler.nearest import nearest

# Up to the last @: rather too much is hidden than the rest of a password with marks of its own.
_PASSWORD = re.compile(r"(?<=://)(?P<user>[^/@:]*):.*@", re.DOTALL)
_PASSWORD_PARAMETER = re.compile(r"(?i)(?P<name>[?&][^=&]*(?:password|passwd|secret|token)[^=&]*=)[^&]*")
_LONGEST_SHOWN: Final = 120
_EXAMPLES: Final = {"hosts": '["www", "jabar"]', "sections": '["nasional", "bisnis"]', "sitemaps": '["news", "web"]'}


def check_section(name: str, values: Mapping[str, Value]) -> tuple[Section | None, list[str]]:
    """Return the checked table, or None and one line for each value in it that is wrong."""
    keys = list(SECTIONS[name].model_fields)
    given = {key: values[f"{name}.{key}"] for key in keys}
    try:
        return SECTIONS[name].model_validate({key: _beside(value) for key, value in given.items()}), []
    except ValidationError as error:
        # Of a list, the first fault is enough.
        first = {str(each["loc"][0]): each for each in reversed(error.errors(include_url=False))}
        return None, [
            _line(given[key], each) for key, each in sorted(first.items(), key=lambda one: keys.index(one[0]))
        ]


def check_listings(given: Value | None) -> tuple[tuple[ListingSettings, ...], list[str]]:
    """Return the checked listings (none where no place gives any), and one line for each thing wrong in them."""
    if given is None:
        return (), []
    tables = given.value
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), [f"{given.origin}: listing is a list of tables; begin each with [[listing]], in double brackets"]
    if not tables:
        return (), [
            f"{given.origin}: listing is empty; leave it out, so that those of site.hosts are asked, or name one"
        ]
    wrong: list[str] = []
    listings: dict[int, ListingSettings] = {}
    for number, table in enumerate(tables, start=1):
        where = f"{given.origin}: listing {number}"
        try:
            listing = ListingSettings.model_validate(table)
        except ValidationError as error:
            wrong += [f"{where}: {_listing_mend(each)}" for each in error.errors(include_url=False)]
            continue
        for other_number, other in listings.items():
            same = "name" if listing.name == other.name else "url" if listing.url == other.url else None
            if same:
                wrong.append(f"{where}: {same} is that of listing {other_number} too; change one of them")
        listings[number] = listing
    return tuple(listings.values()), wrong


def range_of(field: FieldInfo) -> tuple[float, float] | None:
    """Return the least and the greatest number that a setting may be; None where it is no number."""
    limits = [next((getattr(mark, end) for mark in field.metadata if hasattr(mark, end)), None) for end in ("ge", "le")]
    least, greatest = limits
    return (least, greatest) if least is not None and greatest is not None else None


def mask(value: object) -> object:
    """Return the value with `***` in place of a password in an address."""
    if not isinstance(value, str) or "://" not in value:
        return value
    return _PASSWORD_PARAMETER.sub(r"\g<name>***", _PASSWORD.sub(r"\g<user>:***@", value))


def show_value(value: object) -> str:
    """Return a value as a settings file has it, on one line, cut when it is long."""
    shown = json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"


def _line(given: Value, error: Mapping[str, Any]) -> str:
    value = mask(given.value) if given.key in SECRETS else given.value
    return f"{given.origin}: {given.key} = {show_value(value)}: {_mend(KEYS[given.key], error)}"


def _listing_mend(error: Mapping[str, Any]) -> str:
    key = str(error["loc"][0])
    if error["type"] == "extra_forbidden":
        return f"{show_value(key)} is not a setting{nearest(key, ListingSettings.model_fields)}"
    if error["type"] == "missing":
        needed = (name for name, field in ListingSettings.model_fields.items() if field.is_required())
        return f"{key} is missing; a listing has {', '.join(needed)}"
    return f"{key} = {show_value(error['input'])}: {_mend(ListingSettings.model_fields[key], error)}"


def _mend(field: FieldInfo, error: Mapping[str, Any]) -> str:
    """Return what the value must be."""
    limits = range_of(field)
    if limits:
        number = "a whole number" if field.annotation is int else "a number"
        return f"must be {number}, {limits[0]} to {limits[1]}"
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if get_origin(field.annotation) is tuple:
        return "must be a list of names in square brackets, such as " + _EXAMPLES[str(error["loc"][0])]
    if field.annotation is bool:
        return "must be true or false"
    if error["type"] == "literal_error":
        return f"must be {error['ctx']['expected']}"
    return "must be text in quotation marks"


def _beside(given: Value) -> object:
    """Return the value; of a relative file, the whole path."""
    if given.key not in PATHS or not isinstance(given.value, str) or not given.value or "://" in given.value:
        return given.value
    try:
        path = Path(given.value).expanduser()
    except RuntimeError:  # "~nobody": there is no such person, so it is a name like any other
        path = Path(given.value)
    return str(given.folder.absolute() / path)
