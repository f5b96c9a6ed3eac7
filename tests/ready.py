"""Commands in processes that have everything imported already: most of those that a test types and waits for.

To import what a crawl needs takes longer than the crawl of a test. So one process imports it, and is forked for each
command, which has its own number, folder, environment, output and reactor, as if started anew. What a test says of the
start of a process, of signals or of its death, it says of one that it starts itself.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from multiprocessing import forkserver, get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path

import coverage

import tribunwatch

_IMPORTED = (
    "tribunwatch",
    "crawler.crawl",
    "crawler.commands.crawl",
    "crawler.archive.postgres",
    "crawler.spider.handler",
    "scrapy.extensions.closespider",
    "scrapy.squeues",
    "platformdirs",
    "rich.console",
    "rich.table",
    "coverage",
    # What runs the tests: multiprocessing imports it again in each child.
    "pytest",
)


def processes() -> ForkServerContext:
    """Return what makes such processes."""
    context = get_context("forkserver")
    context.set_forkserver_preload(list(_IMPORTED))
    # What only imports is not worth measuring: each child begins to.
    measuring = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("COVERAGE_")}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.update(measuring)
    return context


def run_ready(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], stdin: str = "", timeout_s: float
) -> "subprocess.CompletedProcess[str]":
    """Run `tribunwatch ARGUMENTS…` to its end.

    Raises:
        subprocess.TimeoutExpired: It did not end in time, and was killed.
    """
    with tempfile.TemporaryDirectory() as place:
        given, out, err = streams = [Path(place) / name for name in ("stdin", "stdout", "stderr")]
        for stream in streams:
            stream.touch()
        given.write_text(stdin, encoding="utf-8")
        process = processes().Process(target=_run, args=(list(arguments), folder, dict(environment), streams))
        process.start()
        process.join(timeout_s)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(arguments), timeout_s)
        told, said = (stream.read_text(encoding="utf-8") for stream in (out, err))
        return subprocess.CompletedProcess(list(arguments), process.exitcode, told, said)


def _run(arguments: list[str], folder: Path, environment: dict[str, str], streams: list[Path]) -> None:
    """Be the process of a command."""
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(folder)
    for number, stream in enumerate(streams):
        os.dup2(os.open(stream, os.O_RDWR | os.O_APPEND), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    measured = coverage.process_startup()
    try:
        tribunwatch.main(arguments)
    finally:
        if measured is not None:
            measured.stop()
            measured.save()
