"""What people write after --since and --until."""

import re
from datetime import UTC, datetime, timedelta

import click

from crawler.commands.output import WIB

_AGO = re.compile(r"(\d{1,4})([mhdw])")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class Moment(click.ParamType[datetime]):
    """A day or a moment: 2026-07-24, "2026-07-24 18:00", 7d, 12h; without an offset it is the time of Jakarta."""

    name = "moment"

    def __init__(self, *, ends_day: bool = False) -> None:
        self.ends_day = ends_day

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Return the moment in UTC; a bare day means its beginning, or its end after --until."""
        text = str(value).strip()
        if ago := _AGO.fullmatch(text):
            return datetime.now(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        try:
            moment = datetime.fromisoformat(text)
            if len(text) == len("2026-07-24") and self.ends_day:
                moment += timedelta(days=1, microseconds=-1)
            return (moment if moment.tzinfo else moment.replace(tzinfo=WIB)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fail(f"{text!r} is no date: write 2026-07-24, '2026-07-24 18:00', 7d or 12h", param, ctx)


SINCE = Moment()
UNTIL = Moment(ends_day=True)


def insist_on_a_span(since: datetime | None, until: datetime | None) -> None:
    """Refuse an --until that lies before --since: nothing could ever be found.

    Raises:
        UsageError: It does.
    """
    if since and until and until <= since:
        raise click.UsageError("--until lies before --since; exchange them")
