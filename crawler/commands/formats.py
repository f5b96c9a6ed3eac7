"""In which format something is written, and into which file."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.door import Door
from crawler.commands.output import plain, print_json, print_jsonl

if TYPE_CHECKING:
    from crawler.archive.connect import Archive
    from crawler.exports import Column, Row

# Those of crawler/exports, which only a command that writes one loads.
OF_ROWS = ("csv", "json", "jsonl", "xlsx", "parquet")
OF_PAGES = ("warc",)


@dataclass(frozen=True, slots=True)
class Shown:
    """How what is found is shown: in which format, and in which file, if any."""

    door: Door
    form: str
    output: Path | None

    @property
    def is_of_rows(self) -> bool:
        """Say whether it is rows and nothing else: in a file, or as CSV or JSON lines."""
        return self.output is not None or self.form in {"csv", "jsonl"}

    def rows(self, columns: "Sequence[Column]", rows: "Sequence[Row]") -> None:
        """Write the rows, into the file or on stdout; of a file, tell how large it is."""
        from crawler.exports import write_rows
        from crawler.exports.plain_text import write_csv

        if self.output is None:
            if self.form == "csv":
                write_csv(sys.stdout.buffer, columns, rows, with_bom=False)
            else:
                print_jsonl(rows)
            return
        done = write_rows(self.output, self.form, columns, rows)
        if self.door.as_json:
            print_json({"file": str(self.output), "format": self.form, **asdict(done)})
        else:
            click.echo(f"{done.rows} rows, {done.bytes / 1e6:.1f} MB: {plain(self.output)}")


def form_of(file: Path, forms: tuple[str, ...]) -> str:
    """Return the format that the ending of a name says.

    Raises:
        UsageError: It says none of these.
    """
    name = file.name.lower()
    form = name.removesuffix(".gz").rpartition(".")[2]
    if form not in forms or (name.endswith(".gz") and form not in OF_PAGES):
        raise click.UsageError(f"the ending of {plain(file)!r} is no format; say --format {'|'.join(forms)}")
    return form


def refuse_archive(file: Path, archive: "Archive") -> None:
    """Refuse to write over the archive that is read.

    Raises:
        UsageError: The file is that archive.
    """
    if archive.path is not None and file.expanduser().exists() and file.expanduser().samefile(archive.path):
        raise click.UsageError(f"{plain(file)} is the archive itself; name another file")
