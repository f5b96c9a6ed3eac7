"""The front door: every command, its one-line help, and the function that runs it, loaded only when it is called."""

import gc
import sys
from collections.abc import Sequence
from typing import Final

from crawler.commands.door import LazyGroup, run

# Python looks for garbage in circles whenever there are 700 objects more, which took a tenth of a crawl's time, and
# looks through everything again at its end, which took a third as long as loading a crawl.
_OBJECTS_UNTIL_GARBAGE: Final = 10_000
COMMANDS = {
    "demo": ("crawler.commands.demo:demo", "Show the whole way on this machine; no internet needed."),
    "serve": ("scheduler.commands.serve:serve", "Run in the background, and crawl when schedules say so."),
    "status": ("scheduler.commands.status:status", "Show how everything stands, and whether something needs a look."),
    "crawl": ("crawler.commands.crawl:crawl", "Ask the listings, read every new article, match it and keep it."),
    "query": ("crawler.commands.query:query", "Search what was collected, newest first."),
    "read": ("crawler.commands.read:read", "Show what the seed parser sees in a file or at an address."),
    "import": ("crawler.commands.read:import_", "Put saved pages or seed documents into the archive."),
    "why": ("crawler.commands.why:why", "Tell the life of one address, or why it is not in the archive."),
    "receipt": (
        "crawler.commands.receipt:receipt",
        "Show what the site listed on a day, what is stored, and each gap.",
    ),
    "article": {
        "help": "Look at single articles.",
        "show": ("crawler.commands.article:show", "Show one article whole."),
        "page": ("crawler.commands.kept:page", "Print its page as it was fetched last."),
    },
    "reparse": ("crawler.commands.kept:reparse", "Read kept pages again with today's parser; show what would change."),
    "export": ("crawler.commands.export:export", "Write all that a query finds into a file; also kept pages."),
    "topic": {
        "help": "What is followed.",
        "list": ("crawler.commands.topic:list_", "List the topics and how many articles each has."),
        "show": ("crawler.commands.topic:show", "Show what one topic asks for, and what it has found."),
        "add": ("crawler.commands.topic:add", "Follow one topic more, kept in the archive."),
        "remove": ("crawler.commands.topic:remove", "Follow a topic of the archive no longer."),
        "test": ("crawler.commands.topic_try:test", "Try a topic or a query on the articles already stored."),
        "explain": (
            "crawler.commands.topic_try:explain",
            "Say how a query is read, and why it finds an article or does not.",
        ),
        "apply": ("crawler.commands.topic:apply", "Look in what is stored for topics that are new or changed."),
    },
    "listing": {
        "help": "Where new articles are found.",
        "list": ("crawler.commands.listing:list_", "List the listings, when each was asked and what it gave."),
        "show": ("crawler.commands.listing:show", "Show one listing: when it may be asked next, and why it waits."),
    },
    "schedule": {
        "help": "What is done when.",
        "list": (
            "scheduler.commands.schedule:list_",
            "List the schedules, when each is due next, and what it did last.",
        ),
        "show": ("scheduler.commands.schedule:show", "Show one schedule: its next moments, its last firings, and why."),
        "set": ("scheduler.commands.schedule:set_", "Keep a schedule of your own, or change it."),
        "remove": ("scheduler.commands.schedule:remove", "End a schedule of your own."),
        "pause": ("scheduler.commands.schedule:pause", "Let a schedule rest."),
        "resume": ("scheduler.commands.schedule:resume", "Let a schedule go on."),
        "run": ("scheduler.commands.schedule:run", "Ask now for what a schedule does."),
    },
    "crawls": {
        "help": "What crawls do and did.",
        "list": ("crawler.commands.crawls:list_", "List the crawls, newest first."),
        "show": ("crawler.commands.crawls:show", "Show the report of one crawl, or follow it while it runs."),
        "log": ("crawler.commands.crawls:log_", "Show what one crawl told while it ran."),
        "cancel": ("crawler.commands.crawls:cancel", "Stop a crawl, or take back one that waits."),
        "retry": ("crawler.commands.crawls:retry", "Crawl once more with the options of an earlier crawl."),
        "evidence": ("crawler.commands.crawls:evidence", "Show why a crawl said that the site changed."),
        "accept": ("crawler.commands.crawls:accept", "Take a change that a crawl told of as how the site is now."),
    },
    "archive": {
        "help": "Look after the archive.",
        "upgrade": ("crawler.commands.archive:upgrade", "Make the archive, or bring it to this version's schema."),
        "check": ("crawler.commands.archive:check", "Look for damage; change nothing."),
        "backup": ("crawler.commands.copies:backup", "Write everything into one file, also while a crawl goes on."),
        "backups": (
            "crawler.commands.copies:backups",
            "List the backups, and what was done to look after the archive.",
        ),
        "restore": ("crawler.commands.copies:restore", "Put a backup back where there is no archive yet."),
        "copy": ("crawler.commands.copies:copy", "Copy everything between files and PostgreSQL, either way."),
        "prune": ("crawler.commands.kept:prune", "Let go of what had its time: articles without a topic, kept pages."),
    },
    "config": {
        "help": "Look at the settings.",
        "show": ("crawler.commands.config:show", "Print every setting, its value, and where it came from."),
        "check": ("crawler.commands.config:check", "Check the settings and the topics file."),
    },
    "doctor": ("crawler.commands.doctor:doctor", "Check network, robots, archive, disk and settings; say what to do."),
}

front_door = LazyGroup(
    name="tribunwatch",
    help="A news monitor for Tribunnews: it follows your topics, keeps what it reads, and lets you search it.",
    table=COMMANDS,
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with the exit code that tells the truth."""
    gc.set_threshold(_OBJECTS_UNTIL_GARBAGE, 20, 20)
    code = run(front_door, arguments)
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
