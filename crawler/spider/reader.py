"""The reader: a process of its own that reads one page after the other, so that a parse that fails harms nothing else.

It is started by `reading_room.py` and speaks with it by stdin and stdout. It may take so much memory and so much time
for each page; what takes more, or crashes, ends this process and that page, and the next page gets a new reader.
"""

import json
import os
import resource
import signal
import struct
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final

from selectolax.lexbor import SelectolaxError

from crawler.article import Link, reading_as_json
from crawler.errors import ExtractionError, ListingError, PageRefusedError
from crawler.parser import examine_document, examine_html
from crawler.site import ListingPage, identify, parse_listing

HEAD: Final = struct.Struct("!I")
# The exit code of a reader that had no memory left even to say so.
NO_MEMORY: Final = 71
# The room kills a reader that is too slow; where the room itself was killed, the reader ends by itself so much later.
_GRACE_S: Final = 1.0
# What one page left behind must not be missing for the next one.
_MOST_KEPT: Final = 0.25
_PAGE: Final = b"<!DOCTYPE html><html><body><h1>Judul</h1><div class='txt-article'><p>Isi.</p></div></body></html>"


def write_message(pipe: IO[bytes], head: Mapping[str, Any], *bodies: bytes) -> None:
    """Write one message: its head in JSON, which tells the sizes of the bodies, then the bodies."""
    told = json.dumps({**head, "sizes": [len(body) for body in bodies]}).encode()
    for part in (HEAD.pack(len(told)), told, *bodies):
        pipe.write(part)
    pipe.flush()


def read_message(pipe: IO[bytes]) -> tuple[dict[str, Any], list[bytes]] | None:
    """Return the next message, None where the other side has gone, perhaps in the middle of one."""
    size = pipe.read(HEAD.size)
    if len(size) < HEAD.size:
        return None
    told = pipe.read(wanted := HEAD.unpack(size)[0])
    if len(told) < wanted:
        return None
    head = json.loads(told)
    sizes = head.pop("sizes")
    bodies = [pipe.read(each) for each in sizes]
    return (head, bodies) if [len(body) for body in bodies] == sizes else None


def answer_to(head: Mapping[str, Any], bodies: list[bytes]) -> dict[str, Any]:
    """Return what is answered to a message: the reading, or why there is none."""
    address = identify(head["address"]) if head["address"] else None
    try:
        if head["ask"] == "listing":
            return {"listing": _listing_as_json(parse_listing(head["url"], head["kind"], bodies[0]))}
        if head["ask"] == "document":
            reading = examine_document(bodies[0], address=address, **head["options"])
        else:
            reading = examine_html(*bodies, address=address, charset=head["charset"], **head["options"])
    except ExtractionError as error:
        return {"lacks": error.field, "url": error.url}
    except (ListingError, PageRefusedError) as error:
        return {"refused": error.reason, "url": error.url}
    except (MemoryError, SelectolaxError):
        # Lexbor parses everything that it has the memory for.
        return {"memory": True}
    except Exception:  # noqa: BLE001  - a fault of the program; told by the room, which has a log
        return {"fault": traceback.format_exc()}
    return {"reading": reading_as_json(reading)}


def _listing_as_json(page: ListingPage) -> dict[str, Any]:
    links = [
        {**asdict(link), "published_at": link.published_at.isoformat() if link.published_at else None}
        for link in page.links
    ]
    return {"links": links, "children": page.children, "refused": dict(page.refused), "has_next": page.has_next}


def listing_from_json(value: Mapping[str, Any]) -> ListingPage:
    """Return the page of a listing that a reader answered."""
    links = (
        Link(
            **{
                **each,
                "keywords": tuple(each["keywords"]),
                "published_at": datetime.fromisoformat(each["published_at"]) if each["published_at"] else None,
            }
        )
        for each in value["links"]
    )
    return ListingPage(tuple(links), tuple(value["children"]), value["refused"], value["has_next"])


def main(longest_s: float, most_bytes: int) -> None:
    """Read pages until stdin ends, or until so much memory is not free any more that the next one might lack it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        # A person or systemd ends the crawl, which lets the page be read to its end.
        signal.signal(number, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    examine_html(_PAGE)
    base = _memory_bytes()
    resource.setrlimit(resource.RLIMIT_AS, (base + most_bytes, base + most_bytes))
    # Taken away from whoever prints; what the parser prints when it dies is for nobody.
    pipe_in, pipe_out = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    write_message(pipe_out, {"ready": os.getpid()})
    try:
        _serve(pipe_in, pipe_out, longest_s, base + int(most_bytes * _MOST_KEPT))
    except MemoryError:
        os._exit(NO_MEMORY)
    except BrokenPipeError:
        # The room has gone.
        os._exit(0)


def _serve(pipe_in: IO[bytes], pipe_out: IO[bytes], longest_s: float, most_kept_bytes: int) -> None:
    while pipe_in.peek(1):  # type: ignore[attr-defined]  # stdin is buffered
        # Its default action is the end of the process, whatever the parser is doing.
        signal.setitimer(signal.ITIMER_REAL, longest_s + _GRACE_S)
        asked = read_message(pipe_in)
        if asked is None:
            return
        write_message(pipe_out, answer_to(*asked))
        signal.setitimer(signal.ITIMER_REAL, 0)
        del asked
        if _memory_bytes() > most_kept_bytes:
            return


def _memory_bytes() -> int:
    """Return the size of this process as the limit counts it."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()


if __name__ == "__main__":
    main(float(sys.argv[1]), int(sys.argv[2]))
