"""CPU time of a whole crawl for each article stored, beside a bare Scrapy crawl of the same pages that reads nothing.

Promise: at most 1.0. Both ask the same newsroom, one request at a time per host; Scrapy has its stock settings, with a
delay just above 0 so that it keeps to one request per host, and a callback that does nothing. Ours obeys robots.txt,
asks the listings, reads every page, matches it to the topics, and stores it. What Scrapy logs goes nowhere. The time of
the newsroom, which is a process of its own, does not count; that of starting up does, on both sides.

Run: python bench/crawl.py [--articles N] [--rounds N]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROMISE = 1.0
# The sites of the network that the newsroom's generated articles stand on, and what joins the names of their sitemaps.
HOSTS = {"www": "-", "jabar": "-", "jateng": "_", "kaltim": "_", "manado": "_", "papua": "_"}
BARE = """
import sys
from urllib.parse import urlsplit
from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess

class Bare(Spider):
    name = "bare"

    async def start(self):
        site = sys.argv[1]
        for url in open(sys.argv[2]).read().split():
            parts = urlsplit(url)
            meta = {"download_slot": parts.hostname}
            asked = f"{site}{parts.path}?{parts.query}"
            yield Request(asked, headers={"Host": parts.hostname}, meta=meta, dont_filter=True)

    def parse(self, response):
        if response.status != 200 or len(response.body) < 1000:
            sys.exit("not an article")
        self.crawler.stats.inc_value("articles")

process = AsyncCrawlerProcess({"CONCURRENT_REQUESTS_PER_DOMAIN": 1, "DOWNLOAD_DELAY": 0.01})
crawler = process.create_crawler(Bare)
process.crawl(crawler)
process.start()
print(crawler.stats.get_value("articles"))
"""


@contextmanager
def newsroom(articles: int, folder: Path) -> Iterator[tuple[str, Path]]:
    """Give the address of a newsroom in a process of its own, and its log."""
    log = folder / "requests.jsonl"
    command = [sys.executable, "-m", "seeds.newsroom", "--articles", str(articles), "--log", str(log)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "{}")["url"], log
        finally:
            process.terminate()


def cpu_s(command: list[str], folder: Path) -> tuple[float, str]:
    """Return the CPU time of a process from its start to its end, and what it printed."""
    output = folder / "output"
    # Modules come compiled, as they do where Tribunwatch is installed, whatever is set here.
    environment = {**os.environ, "HOME": str(folder), "PYTHONDONTWRITEBYTECODE": ""}
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"failed with {process.returncode}: {' '.join(command)}")
    return usage.ru_utime + usage.ru_stime, output.read_text()


def our_crawl(site: str, folder: Path, archive: Path) -> list[str]:
    """Return the command of our crawl, with the settings that it needs to find all of the newsroom."""
    config = folder / "config.toml"
    # News sitemaps hold the newest hundred of a section, with title and time; web sitemaps hold everything.
    listings = [
        f'[[listing]]\nname = "{host}{number}"\nurl = "https://{host}.tribunnews.com/{file}.xml"\nkind = "sitemap"'
        for host, joint in HOSTS.items()
        for number, file in enumerate(("sitemap", f"sitemap{joint}web"))
    ]
    config.write_text("\n".join(["[crawl]\nlimit = 100000", *listings]))
    everywhere = ["--config", str(config), "--archive", str(archive), "--json"]
    return [sys.executable, "-m", "tribunwatch", "crawl", *everywhere, "--site", site]


def main() -> int:
    """Print the table; 1 when the promise is broken."""
    parser = argparse.ArgumentParser(description="CPU time of a whole crawl beside bare Scrapy.")
    parser.add_argument("--articles", type=int, default=4000, help="generated articles in the newsroom")
    parser.add_argument("--rounds", type=int, default=3, help="how often each crawls all of them")
    chosen = parser.parse_args()
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as name, newsroom(chosen.articles, Path(name)) as (site, log):
        folder = Path(name)
        pages, script = folder / "pages", folder / "bare.py"
        script.write_text(BARE)
        for number in range(chosen.rounds):
            taken_s, printed = cpu_s(our_crawl(site, folder, folder / f"{number}.db"), folder)
            report = json.loads(printed)
            stored = report["stored"]
            if not number:
                asked = [json.loads(line) for line in log.read_text().splitlines()]
                requests = (each for each in asked if each["kind"] == "request")
                articles = (each for each in requests if not each["path"].endswith((".txt", ".xml")))
                pages.write_text("\n".join(f"https://{each['host']}{each['path']}" for each in articles))
            ours.append(taken_s / stored * 1000)
            taken_s, printed = cpu_s([sys.executable, str(script), site, str(pages)], folder)
            if int(printed) < stored:
                raise SystemExit(f"bare Scrapy fetched {printed.strip()} pages, we stored {stored}")
            bare.append(taken_s / int(printed) * 1000)
    # What else the machine does only ever adds to a time, so the shortest of each is the truest.
    ratio = min(ours) / min(bare)
    size = f"{report['bytes'] / stored / 1000:.0f} kB each as unpacked"
    print(f"{stored} articles, {size}, best of {chosen.rounds} rounds")
    print(f"bare Scrapy, reads nothing    {min(bare):6.2f} ms CPU a page      1.00")
    mine = f"tribunwatch crawl, all of it  {min(ours):6.2f} ms CPU an article  {ratio:.2f}"
    print(f"{mine}   promise: at most {PROMISE}")
    return int(ratio > PROMISE)


if __name__ == "__main__":
    sys.exit(main())
