"""The hidden option by which a service says for which firing it has something looked after."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from crawler.archive.upkeep import Asked


def _asked(_: click.Context, __: click.Parameter, value: tuple[int, int] | None) -> "Asked":
    from crawler.archive.upkeep import Asked

    firing_id, service_id = value or (None, None)
    return Asked(firing_id, service_id)


ASKED = click.option("--asked", nargs=2, type=int, metavar="FIRING SERVICE", hidden=True, callback=_asked)
