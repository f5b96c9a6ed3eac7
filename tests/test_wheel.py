"""The built wheel works on its own, from any folder, as any user."""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.home import ROOT

_NOBODY = 65534


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.slow
def test_a_wheel_in_a_fresh_environment_runs_the_demo_from_any_folder(open_folder: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(open_folder), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    environment = open_folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    python = environment / "bin/python"
    wheel = next(open_folder.glob("*.whl"))
    assert {f"crawler/topics/{name}.txt" for name in ("roots", "guards", "irregular")} <= set(ZipFile(wheel).namelist())
    subprocess.run([str(python), "-m", "pip", "install", "-q", "--no-deps", "--no-index", str(wheel)], check=True)
    # The packages we depend on come from the environment of the tests, so that this test asks no index; a path in a
    # .pth file brings packages and no other .pth files, so the checkout itself stays out of sight.
    site = subprocess.run(
        [str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    elsewhere = open_folder / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o777)

    done = subprocess.run(
        [str(environment / "bin/tribunwatch"), "demo", "--once"],
        cwd=elsewhere,
        env={"HOME": str(elsewhere), "PATH": "/usr/bin:/bin"},
        user=_user_to_be(python),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "Konflik Rusia Vs Ukraina" in done.stdout
    assert "Pertemuan Rusia-Korea Utara di Mata Jenderal AS" in done.stdout


def _user_to_be(python: Path) -> int | None:
    """Return nobody's number where root may become nobody and nobody may start this Python; else stay who we are."""
    if os.getuid() != 0:
        return None
    probe = subprocess.run(["/bin/sh", "-c", f"exec {python} -c pass"], user=_NOBODY, capture_output=True, check=False)
    return _NOBODY if probe.returncode == 0 else None
