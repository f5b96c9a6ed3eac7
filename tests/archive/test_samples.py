"""Samples of what one crawl read, also where another that began before it went on after it."""

from datetime import timedelta

from crawler.archive.connect import Archive
from crawler.archive.lease import begin_crawl, end_crawl
from crawler.archive.samples import samples_of
from crawler.archive.saving import FetchedPage
from crawler.crawl_options import CrawlOptions
from crawler.processes import this_process
from tests.archive.conftest import NOW, MakeArticle, Save

HOST = "www.tribunnews.com"


def test_what_a_crawl_read_is_found_beside_one_that_gave_way_to_it(
    archive: Archive, make_article: MakeArticle, save: Save
) -> None:
    ids = []
    for minute in range(2):
        now = NOW + timedelta(minutes=minute)
        lease = begin_crawl(archive, options=CrawlOptions().as_json(), process=this_process(), now=now)
        end_crawl(archive, lease, state="succeeded", now=now)
        ids.append(lease.crawl_id)
    for minute, crawl_id in enumerate((ids[0], ids[1], ids[0])):
        now, article = NOW + timedelta(minutes=minute), make_article(minute + 1)
        page = FetchedPage(url=str(article.url), fetched_at=now, body=b"<html>", is_kept=True)
        save(article, fetched=(page,), crawl_id=crawl_id, now=now)

    found = [[each.url for each in samples_of(archive, crawl_id=crawl_id, host=HOST)] for crawl_id in ids]

    urls = [str(make_article(number).url) for number in (1, 2, 3)]
    assert found == [[urls[0], urls[2]], [urls[1]]]
