"""Service and crawls killed at random moments, again and again: nothing is lost, nothing done twice."""

from pathlib import Path
from random import Random

import pytest

from tests.killing import shoot, target
from tests.postgres import Cluster

# With those of test_kill.py, two hundred.
KILLS = {"sqlite": 100, "postgresql": 40}


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", KILLS)
def test_whatever_is_killed_everything_is_found_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    place = str(tmp_path / "archive.db")
    if kind == "postgresql":
        server: Cluster = request.getfixturevalue("postgres")
        place = server.address(server.make_database())
    log = tmp_path / "log.jsonl"

    with target(tmp_path, place, log, articles=200) as shot_at:
        shoot(shot_at, kills=KILLS[kind], chance=Random(20261123))  # noqa: S311  - moments, not secrets
        shot_at.finish()

        judged = shot_at.check(log)

    assert (judged.returncode, judged.stderr) == (0, ""), judged.stdout
    assert shot_at.unstored() == []
