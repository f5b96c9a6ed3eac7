"""Files that are whole or not there: written under another name in the same folder, and named when complete."""

import fcntl
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from crawler.errors import InputFileError, OutputFileError

# What a kill leaves behind; `docs/exports.md` names it, and the next writing into that folder takes it away.
_NAME: Final = ".tribunwatch-{}.part"
_LEFT_OVER: Final = re.compile(r"\.tribunwatch-[0-9a-f]{16}\.part")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file that has no name yet: write into `out`, or with a library of your own into `path`.

    What stands beside it under a name that begins like `path` goes when it is finished.
    """

    path: Path
    out: BinaryIO


@contextmanager
def whole_file(file: Path) -> Iterator[Unfinished]:
    """Give a file to write; at the end of the block it gets its name, and until then nothing of that name is touched.

    When the block fails or is interrupted, nothing is left. A kill leaves the unfinished file, which nobody can take
    for a whole one.

    Raises:
        InputFileError: Nothing can be written under this name; told before anything is written.
        OutputFileError: The writing failed: no room, a fault of the disk.
    """
    target = _target(file)
    unfinished = _begin(target, file)
    try:
        with _told(file), unfinished.out:
            yield unfinished
            unfinished.out.flush()
            os.fsync(unfinished.out.fileno())
            unfinished.path.replace(target)
            _sync_folder(target.parent)
    finally:
        _remove(unfinished.path)


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputFileError(str(file), error.strerror or str(error)) from error


def _target(file: Path) -> Path:
    """Return the place that a name means: a link is followed and stays; what is no ordinary file is refused."""
    try:
        target = file.expanduser().resolve()
        if target.is_dir():
            raise InputFileError(str(file), "is a folder; name a file in it")
        if not target.parent.is_dir():
            raise InputFileError(str(file), f"there is no folder {target.parent}; make it, or name another")
        if target.exists() and not target.is_file():
            raise InputFileError(str(file), "is no ordinary file; name one")
    except (OSError, RuntimeError, ValueError) as error:
        raise InputFileError(str(file), f"cannot be written: {error}") from error
    return target


def _begin(target: Path, file: Path) -> Unfinished:
    """Return a new file in the folder of the target, held so that nobody takes it for a left-over one."""
    _clear(target.parent)
    while True:
        path = target.parent / _NAME.format(secrets.token_hex(8))
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o666)
        except OSError as error:
            raise InputFileError(str(file), f"cannot be written ({error.strerror})") from error
        with suppress(OSError):
            # Some file systems know no locks: there nothing is ever taken away.
            fcntl.flock(handle, fcntl.LOCK_EX)
        with suppress(FileNotFoundError):
            if os.path.samestat(path.stat(), os.fstat(handle)):
                if target.exists():
                    os.fchmod(handle, target.stat().st_mode & 0o777)
                return Unfinished(path, os.fdopen(handle, "wb"))
        # Another process took it for a left-over one, between its making and its holding.
        os.close(handle)


def _clear(folder: Path) -> None:
    """Take away what killed writings left in a folder; what a living process holds stays."""
    with suppress(OSError):
        for path in [each for each in folder.iterdir() if _LEFT_OVER.fullmatch(each.name)]:
            with path.open("rb") as left:
                fcntl.flock(left, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _remove(path)


def _remove(path: Path) -> None:
    """Take away an unfinished file and what stands beside it."""
    for each in path.parent.glob(f"{path.name}*"):
        if each.is_dir():
            shutil.rmtree(each, ignore_errors=True)
        else:
            with suppress(OSError):
                each.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
