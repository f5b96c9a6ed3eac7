"""Numbers by which rows of the archive are named."""

from typing import Final

import click

# No database counts further.
NUMBER: Final = click.IntRange(1, 2**63 - 1)
