"""Commands typed without a process for each: only what a test says of processes needs one."""

import os
import subprocess
from collections.abc import Callable

import pytest

from crawler.commands.door import run
from tests.home import Home
from tribunwatch import front_door

Type = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def type_at(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Type:
    """Run `tribunwatch ARGUMENTS…` at somebody's home, in this process."""

    def type_in(home: Home, *arguments: str) -> "subprocess.CompletedProcess[str]":
        for name in [each for each in os.environ if each.startswith(("TRIBUNWATCH_", "XDG_"))]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("HOME", str(home.folder))
        monkeypatch.chdir(home.folder)
        code = run(front_door, arguments)
        told = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, code, told.out, told.err)

    return type_in
