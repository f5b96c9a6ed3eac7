"""Stories in the archive: an edited reprint joins the story of its original, whichever comes first."""

from dataclasses import replace

import pytest

from crawler.archive.connect import Archive
from crawler.archive.saving import save_articles
from crawler.article import Article, Paragraph
from crawler.parser import read_html
from crawler.site import identify
from seeds.newsroom import Newsroom
from tests.archive.conftest import Save

ORIGINAL, REPRINT = "001_dapur-mbg-lereng-merbabu", "011_reprint-dapur-mbg-solo"


def _read(newsroom: Newsroom, name: str) -> tuple[Article, str]:
    address = identify(newsroom.address(name))
    return read_html(newsroom.page(name), address=address), address.key


@pytest.mark.parametrize("order", [(ORIGINAL, REPRINT), (REPRINT, ORIGINAL)])
def test_an_edited_reprint_is_one_story_with_its_original(save: Save, order: tuple[str, str]) -> None:
    first, second = (_read(Newsroom(), name) for name in order)

    one, other = save(first[0], key=first[1]), save(second[0], key=second[1])

    assert other.story_id == one.story_id
    assert (one.is_copy, other.is_copy) == (False, True)


def test_a_daily_series_is_two_stories(save: Save) -> None:
    days = [_read(Newsroom(), name) for name in ("021_harga-emas-kotagede-kamis", "022_harga-emas-kotagede-jumat")]

    stories = {save(article, key=key).story_id for article, key in days}

    assert len(stories) == 2


def test_a_reprint_of_an_earlier_revision_is_found(archive: Archive, save: Save) -> None:
    (article, key), (reprint, reprint_key) = _read(Newsroom(), ORIGINAL), _read(Newsroom(), REPRINT)
    story_id = save(article, key=key).story_id
    save(replace(article, paragraphs=(*article.paragraphs, Paragraph("text", "Sudah diperbarui."))), key=key)

    assert save(reprint, key=reprint_key).story_id == story_id
    assert save_articles(archive, []) == []


@pytest.mark.fact("1.2.5")
def test_a_story_that_thirty_sites_print_is_still_one(save: Save) -> None:
    article, _ = _read(Newsroom(), ORIGINAL)

    stories = set()
    for number in range(30):
        own_end = Paragraph("text", f"Redaksi kota {number} menutup laporan ini dengan caranya sendiri.")
        copy = replace(article, host=f"kota{number}.tribunnews.com", paragraphs=(*article.paragraphs, own_end))
        stories.add(save(copy, key=f"kota{number}.tribunnews.com/1").story_id)

    assert len(stories) == 1
