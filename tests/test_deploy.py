"""What is written for systemd and containers fits the service: names, signals, times."""

import re
import shlex
from collections import defaultdict
from pathlib import Path

import click

from config.layers import CONFIG_VARIABLE, VARIABLES
from crawler.errors import SettingsError
from tests.home import ROOT
from tribunwatch import front_door

UNIT = ROOT / "deploy/tribunwatch.service"
CONTAINER = (ROOT / "deploy/Containerfile").read_text()
COMPOSE = (ROOT / "deploy/compose.yaml").read_text()


def unit() -> dict[str, list[str]]:
    """Return the keys of the unit, each with its values in order."""
    found = defaultdict(list)
    for line in UNIT.read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found[key].append(value)
    return found


def is_understood(command: list[str]) -> bool:
    """Say whether a command line is one of ours."""
    context = click.Context(front_door, info_name="tribunwatch")
    found = front_door.get_command(context, command[0])
    assert found is not None
    return found.make_context(command[0], command[1:], parent=context).command is found


def test_the_unit_starts_the_service_and_waits_until_it_says_that_it_is_ready() -> None:
    found = unit()
    (start,) = found["ExecStart"]

    assert Path(shlex.split(start)[0]).name == "tribunwatch"
    assert is_understood(shlex.split(start)[1:])
    assert (found["Type"], found["NotifyAccess"]) == (["notify"], ["main"])
    assert found["ExecReload"] == ["/bin/kill -HUP $MAINPID"]


def test_the_unit_ends_the_service_first_and_gives_it_the_time_that_it_needs() -> None:
    found = unit()

    assert found["KillMode"] == ["mixed"]
    assert int(found["TimeoutStopSec"][0]) > 10
    assert found["Restart"] == ["always"]
    assert found["RestartPreventExitStatus"] == [str(SettingsError.exit_code)]
    # A look may wait for the archive for so long (60 s and archive.wait_s) before the watchdog is not told any more.
    assert int(found["WatchdogSec"][0]) >= 60


def test_the_unit_keeps_the_archive_where_it_may_write() -> None:
    found = unit()
    set_to = dict(each.split("=", 1) for each in found["Environment"])

    assert set_to.pop(CONFIG_VARIABLE) == f"/etc/{found['ConfigurationDirectory'][0]}/config.toml"
    assert set_to == {"TRIBUNWATCH_ARCHIVE_PATH": f"/var/lib/{found['StateDirectory'][0]}/tribunwatch.db"}
    assert set_to.keys() <= VARIABLES.keys()


def test_the_unit_takes_away_what_is_not_needed_and_nothing_that_is() -> None:
    found = unit()

    assert found["NoNewPrivileges"] == ["yes"]
    assert found["ProtectSystem"] == ["strict"]
    assert found["CapabilityBoundingSet"] == [""]
    assert found["User"] == ["tribunwatch"]
    # When a process began is read from /proc/sys, and pyOpenSSL writes code while it runs.
    assert "ProcSubset" not in found
    assert "MemoryDenyWriteExecute" not in found


def test_the_container_runs_as_nobody_special_and_tells_whether_the_service_lives() -> None:
    assert "\nUSER tribunwatch\n" in CONTAINER
    assert "\nSTOPSIGNAL SIGTERM\n" in CONTAINER
    check = CONTAINER.partition("HEALTHCHECK")[2].partition("CMD ")[2].splitlines()[0]
    assert is_understood([word.strip('"') for word in check.strip("[]").split(", ")][1:])
    named = {word.partition("=")[0] for word in CONTAINER.split() if word.startswith("TRIBUNWATCH_")}
    assert named <= VARIABLES.keys()


def test_compose_gives_the_service_the_time_that_it_needs_and_asks_for_a_contact() -> None:
    assert "stop_grace_period: 20s" in COMPOSE
    assert "init: true" in COMPOSE
    assert "TRIBUNWATCH_SPIDER_CONTACT: ${TRIBUNWATCH_SPIDER_CONTACT:?" in COMPOSE
    assert "TRIBUNWATCH_SPIDER_CONTACT" in VARIABLES


def test_the_rules_for_prometheus_ask_for_numbers_that_there_are() -> None:
    asked = set(re.findall(r"tribunwatch_\w+", (ROOT / "deploy/alerts.yaml").read_text()))
    told = set(re.findall(r'"((?:tribunwatch_)?\w+)",', (ROOT / "scheduler/metrics.py").read_text()))

    assert asked
    assert asked <= {f"tribunwatch_{name.removeprefix('tribunwatch_')}" for name in told}


def test_every_number_is_explained() -> None:
    explained = (ROOT / "docs/service.md").read_text()
    names = re.findall(
        r'_gauge\(\s*"(\w+)"|Family\(\s*"(?:tribunwatch_)?(\w+)"', (ROOT / "scheduler/metrics.py").read_text()
    )

    assert len(names) > 10
    assert [name for pair in names if (name := "".join(pair)) not in explained] == []
