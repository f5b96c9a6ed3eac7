"""`tribunwatch demo`: the whole way on this machine, from the newsroom's listings to a search result."""

import contextlib
from dataclasses import asdict
from pathlib import Path

import click

from crawler.commands.crawl_progress import Progress
from crawler.commands.door import Command, Door
from crawler.commands.output import in_wib, print_json, print_table
from crawler.commands.places import demo_archive
from crawler.commands.report import show_report
from crawler.commands.topics_file import load_topics
from crawler.errors import ArchiveBrokenError, ArchiveMissingError

# So many invented articles beside the seed documents make the newsroom's index pages several pages long.
_OTHER_ARTICLES = 40


@click.command(cls=Command)
@click.option("--once", is_flag=True, help="One crawl, a table of what was found, and the end.")
@click.option("--for", "length", metavar="LENGTH", help="End after so long, such as 90s or 5m; otherwise at Ctrl-C.")
@click.pass_obj
def demo(door: Door, *, once: bool, length: str | None) -> int:
    """Start a small Tribunnews on this machine and the service that watches it, and tell what happens.

    No internet is asked. The articles are invented, but for one; they are kept in an archive of their own, which can be
    queried meanwhile. The day of the newsroom goes by while one watches: articles come out, and some change.
    """
    from crawler.commands.demo_service import begin_anew, run_demo
    from scheduler.when import length_of

    door.start_logging()
    path = door.settings.archive_path if door.archive else str(demo_archive())
    if once:
        if length is not None:
            raise click.UsageError("--once ends by itself; leave --for out")
        return _crawl_once(door, path)
    longest_s = None if length is None else length_of(length, where="--for").total_seconds()
    if not door.archive:
        begin_anew(path)
    run_demo(door, path, longest_s=longest_s)
    if not door.as_json:
        _say_what_next(door, path)
    return 0


def _crawl_once(door: Door, path: str) -> int:
    """Crawl the newsroom once, and show what was found; a second time everything is stored already."""
    from crawler.archive.connect import Archive
    from crawler.archive.search import SearchRequest, search
    from crawler.crawl import run_crawl
    from crawler.crawl_options import CrawlOptions
    from seeds.newsroom import Newsroom

    settings = door.settings
    topics = load_topics(settings)
    with Newsroom(articles=_OTHER_ARTICLES) as newsroom:
        door.say(f"a small Tribunnews is open at {newsroom.url}, with {len(newsroom.addresses)} articles")
        if not door.archive:
            _make_way(path)
        with Archive.open(path, create=True) as archive, Progress(door) as progress:
            shown = archive.location
            report = run_crawl(
                settings, CrawlOptions(site=newsroom.url), archive=archive, topics=topics, on_progress=progress.update
            )
            found = [
                each
                for topic in topics.topics
                for each in search(archive, SearchRequest(topic=topic.name, limit=20), topics_known=True).found
            ]
        if door.as_json:
            print_json({"archive": shown, "report": report.as_json(), "found": [asdict(each) for each in found]})
        else:
            show_report(report.as_json())
            click.echo()
            print_table(
                ("topic", "published (WIB)", "title", "id"),
                ((", ".join(each.topics), in_wib(each.published_at), each.title, each.article_id) for each in found),
                color=not door.no_color,
            )
            _say_what_next(door, shown)
    return report.exit_code


def _make_way(path: str) -> None:
    """Take away a demo's archive that cannot be used any more: it holds nothing that a demo does not bring again."""
    from crawler.archive.connect import Archive

    with contextlib.suppress(ArchiveMissingError):
        try:
            Archive.open(path).close()
        except ArchiveBrokenError:
            for behind in ("", "-wal", "-shm"):
                Path(f"{path}{behind}").unlink(missing_ok=True)


def _say_what_next(door: Door, path: str) -> None:
    archive = f" --archive {path}" if door.archive else ""
    door.say("\nTry next:")
    for line in (
        "query putin",
        """query '"kim jong un"' --format csv""",
        'topic test "Konflik Rusia Vs Ukraina"',
        "crawls list",
        "status",
    ):
        door.say(f"  tribunwatch{archive} {line}")
