"""Where settings come from: files, the environment and the command line, each value with its origin."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from config.model import KEYS, LISTS, SECRETS, SECTIONS
from crawler.errors import SettingsError
from crawler.nearest import nearest

CONFIG_VARIABLE: Final = "TRIBUNWATCH_CONFIG"
_PREFIX: Final = "TRIBUNWATCH_"
# A shorter name for what is set most often.
_SHORT: Final = {"TRIBUNWATCH_ARCHIVE": "archive.path"}
_BY_RULE: Final = {_PREFIX + key.upper().replace(".", "_"): key for key in KEYS}
_FROM_FILE: Final = {f"{name}_FILE": key for name, key in _BY_RULE.items() if key in SECRETS}
# Every variable that is a setting, with its key.
VARIABLES: Final = {**_BY_RULE, **_FROM_FILE, **_SHORT}
# The options of the command line that are settings.
_FLAGS: Final = {"archive.path": "--archive", "service.host": "--host", "service.port": "--port"}
_MOST_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Value:
    """One setting as one place gives it, not checked yet; a relative file in it lies in `folder`."""

    key: str
    value: object
    origin: str
    folder: Path


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place gives: values, and one line for everything in it that cannot be a setting."""

    values: tuple[Value, ...] = ()
    wrong: tuple[str, ...] = ()


def load_layer(path: Path) -> Layer:
    """Return the settings of a TOML file; raises SettingsError where it cannot be read or is not TOML."""
    origin = f"file {_one_line(str(path))}"
    try:
        # Some editors begin a file with a byte order mark, which TOML does not know.
        tables = tomllib.loads(_load_text(path, origin).removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{origin}: not valid TOML: {error}; mend it there") from error
    except RecursionError as error:
        raise SettingsError(f"{origin}: nested too deeply; write the settings in [tables]") from error
    values: list[Value] = []
    wrong: list[str] = []
    for name, table in tables.items():
        if name == "listing":
            values.append(Value(name, table, origin, path.parent))
        elif name not in SECTIONS:
            wrong.append(f"{origin}: {_one_line(name)} is not a setting{_meant(name)}")
        elif not isinstance(table, dict):
            wrong.append(f"{origin}: {name} is a table of settings; write [{name}] on a line of its own")
        else:
            for key, value in table.items():
                if f"{name}.{key}" in KEYS:
                    values.append(Value(f"{name}.{key}", value, origin, path.parent))
                else:
                    wrong.append(f"{origin}: {name}.{_one_line(key)} is not a setting{nearest(f'{name}.{key}', KEYS)}")
    return Layer(tuple(values), tuple(wrong))


def load_environment(environ: Mapping[str, str]) -> Layer:
    """Return the settings of the environment; a secret may stand in a file that its variable with _FILE names.

    Raises:
        SettingsError: The file of a secret cannot be read.
    """
    values: dict[str, Value] = {}
    wrong: list[str] = []
    for name in sorted(environ):
        if not name.startswith(_PREFIX) or name == CONFIG_VARIABLE:
            continue
        origin = f"environment {_one_line(name)}"
        key = VARIABLES.get(name)
        if key is None:
            meant = nearest(name, [*VARIABLES, CONFIG_VARIABLE]) or "; unset it"
            wrong.append(f"{origin}: there is no setting of this name{meant}")
        elif key in values:
            wrong.append(f"{origin}: {key} is set by {values[key].origin} too; unset one of them")
        else:
            text = environ[name]
            if name in _FROM_FILE:
                text = _load_text(Path(text).expanduser(), origin).strip()
            values[key] = Value(key, _typed(key, text), origin, Path.cwd())
    return Layer(tuple(values.values()), tuple(wrong))


def read_flags(flags: Mapping[str, object]) -> Layer:
    """Return the settings of the command line; None means that the option was not given."""
    given = {key: value for key, value in flags.items() if value is not None}
    return Layer(tuple(Value(key, value, f"flag {_FLAGS[key]}", Path.cwd()) for key, value in given.items()))


def _typed(key: str, text: str) -> object:
    """Return the text of a variable as the number, list or truth that the setting wants; the text where it is none."""
    if key in LISTS:
        return [name for each in text.split(",") if (name := each.strip())]
    wanted = KEYS[key].annotation
    if wanted is bool:
        return {"true": True, "false": False}.get(text.lower(), text)
    try:
        return int(text) if wanted is int else float(text) if wanted is float else text
    except ValueError:
        return text


def _meant(name: str) -> str:
    """Return the mend for an unknown name at the top of a file: a setting outside its table, or a misspelt table."""
    owner = next((key for key in KEYS if key.endswith(f".{name}")), None)
    if owner:
        return f"; write it below [{owner.partition('.')[0]}]"
    return nearest(name, [*SECTIONS, "listing"]) or f"; the tables are {', '.join(SECTIONS)} and listing"


def _load_text(path: Path, origin: str) -> str:
    """Return the text of a small file, or tell why it cannot be had."""
    shown = _one_line(str(path))
    try:
        with path.open("rb") as file:
            body = file.read(_MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise SettingsError(f"{origin}: there is no file {shown}; make it, or name another") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SettingsError(f"{origin}: cannot read {shown}: {reason}") from error
    if len(body) > _MOST_BYTES:
        raise SettingsError(
            f"{origin}: {shown} is larger than {_MOST_BYTES} bytes; it cannot be the file that is meant"
        )
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SettingsError(f"{origin}: {shown}: byte {error.start} is not UTF-8; save the file as UTF-8") from error


def _one_line(name: str) -> str:
    """Return a name that somebody else chose so that it stands on one line."""
    return "".join(letter if letter.isprintable() else "?" for letter in name)
