"""The newsroom as a process of its own: how it says where it is, how it ends, how it complains."""

import json
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from seeds.newsroom import Newsroom

ROOT = Path(__file__).parents[2]


@contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A newsroom in a process of its own, and its address."""
    command = [sys.executable, "-m", "seeds.newsroom", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, process.stderr.read() if process.stderr else ""
            yield process, json.loads(line)["url"]
        finally:
            process.kill()


def failed(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seeds.newsroom", *arguments]
    return subprocess.run(command, cwd=ROOT, input="", capture_output=True, text=True, timeout=30, check=False)


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310  - our own server
        return str(response.read().decode())


def test_it_serves_until_its_stdin_is_closed(tiny: Path) -> None:
    with started("--seeds", str(tiny), "--articles", "25") as (process, url):
        index = fetch(f"{url}/index-news")
        assert process.stdin
        process.stdin.close()

        assert process.wait(10) == 0

    assert index.count('<li class="ptb15">') > 10
    assert "banjir-uji" in index


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_at_once_without_a_word(tiny: Path, number: signal.Signals) -> None:
    with started("--seeds", str(tiny)) as (process, url):
        fetch(f"{url}/robots.txt")
        process.send_signal(number)

        assert process.wait(10) == 0
        assert process.stderr
        assert process.stderr.read() == ""


def test_each_request_is_in_its_log_when_it_is_killed(tiny: Path, tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    log.write_text('{"earlier": true}\n', encoding="utf-8")
    with started("--seeds", str(tiny), "--log", str(log)) as (process, url):
        fetch(f"{url}/robots.txt")
        fetch(f"{url}/regional/7001/banjir-uji?page=all")
        process.kill()
        process.wait(10)

    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"earlier": True}
    assert [each["path"] for each in lines if each.get("kind") == "request"] == [
        "/robots.txt",
        "/regional/7001/banjir-uji?page=all",
    ]


def test_it_listens_where_it_is_told(tiny: Path) -> None:
    with Newsroom(seeds=tiny) as free:
        port = urlsplit(free.url).port

    with started("--seeds", str(tiny), "--port", str(port)) as (_, url):
        assert url == f"http://127.0.0.1:{port}"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--port", "many"), "--port"),
        (("--port", "70000"), "--port"),
        (("--articles", "-3"), "--articles"),
        (("--host", "0.0.0.0"), "--host"),  # noqa: S104  - what is refused
        (("--seeds", "/nowhere/at/all"), "/nowhere/at/all"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    done = failed(*arguments)

    assert done.returncode == 2
    assert done.stdout == ""
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_told_in_one_line(tiny: Path) -> None:
    with Newsroom(seeds=tiny) as holder:
        done = failed("--seeds", str(tiny), "--port", str(urlsplit(holder.url).port))

    assert done.returncode == 3
    assert "choose another port" in done.stderr
    assert len(done.stderr.splitlines()) == 1
