"""`read` and `import`: files that a person names, good and bad."""

import json
from pathlib import Path

import pytest

from seeds.newsroom import Newsroom
from tests.home import ROOT, Home

SEEDS = ROOT / "seeds"
SEED = "000_d3675def684afb29"


def test_read_gives_the_json_of_a_seed(home: Home) -> None:
    done = home.run("read", str(SEEDS / f"{SEED}.txt"), "--json")

    assert json.loads(done.stdout) == json.loads((SEEDS / f"{SEED}.json").read_text())


def test_read_explains_what_was_cut_and_by_which_rule(home: Home) -> None:
    done = home.run("read", str(SEEDS / f"{SEED}.txt"), "--explain")
    as_json = json.loads(home.run("read", str(SEEDS / f"{SEED}.txt"), "--explain", "--json").stdout)

    assert "header date" in done.stdout
    assert {"rule": "header date", "text": "Sabtu, 4 Oktober 2025"} in as_json["cut"]
    assert as_json["title"].startswith("Pertemuan Rusia")


def test_read_explains_the_boxes_of_a_page_too(home: Home) -> None:
    page = (
        "<html><body><h1>Judul Berita</h1><div class='txt-article'><p>Isi pertama.</p><div class='ads-placeholder'>"
        "Iklan sabun</div><p class='baca'>Baca juga: <a href='/x'>Harga Cabai</a></p></div></body></html>"
    )

    as_json = json.loads(home.run("read", "-", "--explain", "--json", stdin=page).stdout)

    assert as_json["cut"] == [
        {"rule": "box: ads-placeholder", "text": "Iklan sabun"},
        {"rule": "related", "text": "Baca juga: Harga Cabai"},
    ]


def test_read_shows_a_person_the_fields_and_the_text(home: Home) -> None:
    done = home.run("read", str(SEEDS / f"{SEED}.txt"))

    assert "sign_off         (oln/*/NW)" in done.stdout
    assert "viewed_on        2025-10-04" in done.stdout
    assert "published_at" not in done.stdout
    assert "\nPemimpin Korea Utara, Kim Jong Un dikabarkan berencana" in done.stdout


def test_read_takes_a_saved_page_from_stdin_and_its_address_from_the_page(home: Home, newsroom: Newsroom) -> None:
    page = newsroom.page(SEED).decode()

    done = home.run("read", "-", "--json", stdin=page)

    assert json.loads(done.stdout) == newsroom.expected(SEED)


def test_import_keeps_a_page_and_finds_it_again(home: Home, newsroom: Newsroom) -> None:
    (home.folder / "page.html").write_bytes(newsroom.page(SEED))

    first = home.run("import", "page.html", "--json")
    again = home.run("import", "page.html", "--json")

    assert [json.loads(first.stdout)["change"], json.loads(again.stdout)["change"]] == ["new", "unchanged"]
    found = json.loads(home.run("query", "hertling", "--json").stdout)["found"]
    assert [each["url"] for each in found] == [newsroom.address(SEED)]


def test_import_takes_seed_documents_that_have_no_address(home: Home) -> None:
    files = [str(SEEDS / f"{SEED}.txt"), str(SEEDS / f"{SEED}.txt")]

    done = home.run("import", *files)

    assert done.returncode == 0, done.stderr
    assert [line.split(": ")[1].split(",")[0] for line in done.stdout.splitlines()] == ["new", "unchanged"]
    assert len(json.loads(home.run("query", "hertling", "--json").stdout)["found"]) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x00\x01\x02\xff\xfe\xfd" * 100, "is not text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "is not text"),
        (b"<html><body><p>no title</p></body></html>", "no title found"),
        (b"<html><body><h1 id=arttitle>A title</h1></body></html>", "no text found"),
    ],
)
def test_a_wrong_file_is_one_line_and_leaves_nothing(content: bytes, said: str, home: Home) -> None:
    (home.folder / "wrong").write_bytes(content)

    read = home.run("read", "wrong")
    kept = home.run("import", "wrong")

    assert read.returncode in (1, 2)
    assert kept.returncode == 1
    assert said in read.stderr
    assert len(read.stderr.splitlines()) == len(kept.stderr.splitlines()) == 1
    assert read.stdout == kept.stdout == ""
    assert json.loads(home.run("query", "--json").stdout)["found"] == []


@pytest.mark.parametrize(("name", "said"), [("absent.html", "there is no such file"), (".", "is a folder")])
def test_a_file_that_cannot_be_read_is_exit_code_2(name: str, said: str, home: Home) -> None:
    done = home.run("read", name)

    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_too_large_is_refused_before_it_is_read(home: Home, tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as file:
        file.truncate(20 * 2**20)

    done = home.run("read", "large")

    assert done.returncode == 2
    assert "larger than 16 MiB" in done.stderr


def test_one_bad_file_does_not_keep_the_others_out(home: Home) -> None:
    (home.folder / "bad.html").write_text("<p>nothing")

    done = home.run("import", "bad.html", str(SEEDS / f"{SEED}.txt"))

    assert done.returncode == 1
    assert "bad.html" in done.stderr
    assert ": new," in done.stdout


def test_a_url_that_is_not_of_the_network_is_refused(home: Home) -> None:
    done = home.run("read", str(SEEDS / f"{SEED}.txt"), "--url", "https://balitribune.co.id/x")

    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_read_fetches_an_address_with_the_manners_of_a_crawl_and_keeps_nothing(home: Home, newsroom: Newsroom) -> None:
    done = home.run("read", newsroom.address(SEED), "--site", newsroom.url, "--json")

    assert json.loads(done.stdout) == newsroom.expected(SEED)
    assert newsroom.requested[0] == "www.tribunnews.com/robots.txt"
    assert len(newsroom.requested) == 2
    assert not (home.folder / ".local").exists()


def test_an_address_that_cannot_be_read_is_one_line(home: Home, newsroom: Newsroom) -> None:
    gone = home.run("read", "https://www.tribunnews.com/nasional/1/tidak-ada", "--site", newsroom.url)
    foreign = home.run("read", "https://balitribune.co.id/x", "--site", newsroom.url)
    unreachable = home.run("read", newsroom.address(SEED), "--site", "http://127.0.0.1:9")

    assert [done.returncode for done in (gone, foreign, unreachable)] == [1, 2, 4]
    assert "not found (404)" in gone.stderr
    assert all(len(done.stderr.splitlines()) == 1 for done in (gone, foreign, unreachable))


def test_a_file_that_is_too_much_for_the_parser_is_told_in_one_line_and_left_out(
    home: Home, newsroom: Newsroom
) -> None:
    slow = newsroom.page(SEED).replace(b'id="arttitle"', b"id='arttitle'")
    slow = slow.replace(b"</body>", b"<select>" + b"<option>x" * 60_000 + b"</body>")
    (home.folder / "slow.html").write_bytes(slow)
    (home.folder / "page.html").write_bytes(newsroom.page(SEED))

    read = home.run("read", "slow.html")
    imported = home.run("import", "slow.html", "page.html")

    told = f"refused to read {newsroom.address(SEED)}: took more than 2 s"
    assert (read.returncode, read.stdout) == (1, "")
    assert told in read.stderr
    assert (imported.returncode, imported.stdout) == (1, "page.html: new, article 1\n")
    assert f"error: slow.html: {told}\n" in imported.stderr
