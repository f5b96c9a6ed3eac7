"""`doctor`: each line is ok, or says what to do."""

import json
import socket

from seeds.newsroom import Newsroom
from tests.home import Home

CONTACT = {"TRIBUNWATCH_SPIDER_CONTACT": "redaksi@example.org"}


def examined(home: Home, site: str, environment: dict[str, str] = CONTACT) -> tuple[int, dict[str, tuple[bool, str]]]:
    done = home.run("doctor", "--site", site, "--json", environment=environment)
    return done.returncode, {each["what"]: (each["ok"], each["line"]) for each in json.loads(done.stdout)}


def closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return f"http://127.0.0.1:{server.getsockname()[1]}"


def test_where_all_is_well_every_line_says_so(demo_home: Home, newsroom: Newsroom) -> None:
    code, findings = examined(demo_home, newsroom.url)

    assert code == 0, findings
    assert {what for what, (ok, _) in findings.items() if ok} == {
        "settings",
        "topics",
        "archive",
        "disk",
        "network",
        "robots",
    }
    assert newsroom.requested == ["www.tribunnews.com/robots.txt"]
    assert "Tribunwatch/" in newsroom.log[0].agent
    assert "redaksi@example.org" in newsroom.log[0].agent


def test_a_missing_contact_is_told(home: Home, newsroom: Newsroom) -> None:
    code, findings = examined(home, newsroom.url, {})

    assert code == 1
    assert findings["settings"] == (False, "no contact; set spider.contact to an address where the site can reach you")
    assert findings["archive"][0]


def test_a_host_that_does_not_answer_is_a_matter_of_the_network_and_not_of_robots(home: Home) -> None:
    code, findings = examined(home, closed_port())

    assert code == 1
    assert not findings["network"][0]
    assert "cannot reach www.tribunnews.com: Connection refused" in findings["network"][1]
    assert "robots" not in findings


def test_robots_txt_that_cannot_be_had_or_forbids_is_told(home: Home, newsroom: Newsroom) -> None:
    newsroom.fail("/robots.txt", 503)
    _, unavailable = examined(home, newsroom.url)
    newsroom.heal()
    newsroom.answer("/robots.txt", b"User-agent: *\nDisallow: /sitemap.xml\n", headers={"Content-Type": "text/plain"})
    _, forbidding = examined(home, newsroom.url)

    assert not unavailable["robots"][0]
    assert "cannot be had (status 503), so nothing is fetched" in unavailable["robots"][1]
    assert not forbidding["robots"][0]
    assert "disallows https://www.tribunnews.com/sitemap.xml" in forbidding["robots"][1]


def test_a_damaged_archive_and_wrong_settings_are_told(home: Home, newsroom: Newsroom) -> None:
    (home.folder / "broken.db").write_bytes(b"no database " * 1000)
    _, damaged = examined(home, newsroom.url, {**CONTACT, "TRIBUNWATCH_ARCHIVE": str(home.folder / "broken.db")})
    (home.folder / "wrong.toml").write_text("[spider]\ndownload_delay_s = 0.1\n")
    wrong = home.run("doctor", "-c", "wrong.toml")

    assert not damaged["archive"][0]
    assert wrong.returncode == 1
    assert wrong.stdout.startswith("NOT OK  settings: ")
    assert "download_delay_s" in wrong.stdout
