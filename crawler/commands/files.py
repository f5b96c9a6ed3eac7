"""Reading the files that a person names."""

import sys
from pathlib import Path

from crawler.errors import InputFileError

# The largest page of the site that was seen is 200 kB; nothing that anybody reads comes near this.
MAX_FILE_BYTES = 16 * 1024 * 1024


def load_file(name: str) -> bytes:
    """Return the bytes of a file, or of stdin for "-"; raises InputFileError in one plain line."""
    try:
        if name == "-":
            body = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                body = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise InputFileError(name, "there is no such file") from error
    except IsADirectoryError as error:
        raise InputFileError(name, "is a folder; name the files in it") from error
    except OSError as error:
        raise InputFileError(name, f"cannot be read ({error.strerror})") from error
    if len(body) > MAX_FILE_BYTES:
        raise InputFileError(name, f"is larger than {MAX_FILE_BYTES // 2**20} MiB; no page of the site is")
    if not body.strip():
        raise InputFileError(name, "is empty")
    if b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputFileError(name, "is not text; name a saved page or a plain-text document")
    return body
