"""A PostgreSQL server of the tests' own: not as root, on a free port, with nothing kept."""

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

ROLE = "tribunwatch"
# Whom the server asks for a password, as it asks nobody else.
LOCKED, PASSWORD = "locked", "rahasia/9@x"
_START_S = 30
# Nothing of a test need survive a power cut. An archive asks for more than synchronous_commit off, which shows here.
_CAREFREE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "64MB",
}
_INITDB = ("--no-sync", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
# A database costs a tenth in memory of what it does on a busy disk.
_MEMORY = Path("/dev/shm")  # noqa: S108  - the folder in it has a name of its own
_ENOUGH_BYTES = 1024**3
_FIRST_WITH_STRATEGY = 150000
_PR_SET_PDEATHSIG = 1


def binaries() -> Path:
    """Return the folder of the server's programs; where it is missing, the test is skipped, or fails if none may be."""
    found = shutil.which("initdb")
    if found and (Path(found).resolve().parent / "postgres").exists():
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda each: int(each.parts[-3]))
    if versions:
        return versions[-1].parent
    reason = "the programs of a PostgreSQL server are missing; on Debian: apt-get install postgresql"
    if os.environ.get("SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Cluster:
    """A server in a folder of its own; it listens on 127.0.0.1 and on a socket beside its data."""

    folder: Path
    port: int
    programs: Path
    # PostgreSQL refuses to run as root.
    user: dict[str, Any]
    process: "subprocess.Popen[bytes] | None" = None
    copy: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": self.folder,
            "max_connections": 60,
            **_CAREFREE,
        }
        arguments = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  - the tests start it before any thread
                **self.user,
            )
        ends_at = time.monotonic() + _START_S
        while True:
            try:
                with psycopg.connect(self.address("postgres")) as connection:
                    if connection.info.server_version >= _FIRST_WITH_STRATEGY:
                        self.copy = "STRATEGY file_copy"
            except psycopg.OperationalError:
                assert self.process.poll() is None, (self.folder / "log").read_text()
                assert time.monotonic() < ends_at, (self.folder / "log").read_text()
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop it as a crash would: whoever is connected sees the connection break."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(_START_S)
            self.process = None

    def address(self, database: str, *, role: str = ROLE) -> str:
        """Return how a database is named on the command line."""
        return f"postgresql://{role}@127.0.0.1:{self.port}/{database}"

    def make_database(self, template: str = "template1", how: str = "") -> str:
        """Return the name of a new database, empty or like another."""
        name = f"archive_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} {self.copy} {how}")
        return name

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def end_sessions(self, address: str) -> None:
        """End every session of a database, as an administrator would."""
        database = address.rpartition("/")[2]
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            while connection.execute(sessions, (database,)).fetchall():
                time.sleep(0.01)

    def run(self, statement: str, *, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run a statement outside of any transaction, as the owner of the server."""
        with psycopg.connect(self.address(database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def cluster(place: Path | None = None) -> Iterator[Cluster]:
    """Give a server that runs, in memory where there is room, or at a place; at the end nothing of it is left."""
    programs = binaries()
    user: dict[str, Any] = {}
    # Not in the folders of pytest: they are closed to other users.
    folder = Path(tempfile.mkdtemp(prefix="tribunwatch-postgres-", dir=place or _place()))
    if os.geteuid() == 0:
        account = _account()
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        os.chown(folder, account.pw_uid, account.pw_gid)
    made = Cluster(folder, _free_port(), programs, user)
    try:
        subprocess.run(
            [programs / "initdb", "-D", folder / "data", f"--username={ROLE}", *_INITDB],
            cwd=folder,
            capture_output=True,
            check=True,
            **user,
        )
        rules = folder / "data" / "pg_hba.conf"
        rules.write_text(f"host all {LOCKED} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
        made.start()
        made.run(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'")
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


def _place() -> Path | None:
    """Return where the data is to be; None for the usual place of temporary files."""
    if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH_BYTES:
        return _MEMORY
    return None


def _account() -> pwd.struct_passwd:
    with suppress(KeyError):
        return pwd.getpwnam("postgres")
    return pwd.getpwnam("nobody")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _end_with_parent() -> None:
    """Let the server end when the tests are killed."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
