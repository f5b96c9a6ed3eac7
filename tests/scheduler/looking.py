"""A planner in a process of its own: it looks as often as it can, on a clock that all share and that runs ahead.

Arguments: the archive, when the clock began (monotonic seconds), the moment that it showed then, how many minutes it
shows in a second, and at which minute to end. It prints how many firings it made.
"""

import contextlib
import sys
import time
from datetime import datetime, timedelta

from config.settings import DEFAULT_FILE, load_settings
from crawler.archive.connect import Archive
from crawler.errors import CrawlerError
from scheduler.planner import Planner


def main() -> None:
    """Look until the end."""
    place, began_s, began, speed, end = sys.argv[1:]
    made = 0
    with Archive.open(place) as archive:
        planner = Planner(archive, service_id=None, settings=load_settings(DEFAULT_FILE, {}, {}))
        while (minute := (time.monotonic() - float(began_s)) * float(speed)) < float(end):
            now = datetime.fromisoformat(began) + timedelta(minutes=max(0.0, minute))
            # One that holds the archive and stands still makes the others wait; they look again.
            with contextlib.suppress(CrawlerError):
                made += planner.look(now, "the service did not run").made
            time.sleep(0.01)
    sys.stdout.write(f"{made}\n")


if __name__ == "__main__":
    main()
