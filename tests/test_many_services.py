"""Several services on one archive, killed and frozen while much falls due: each firing is made once.

Both numbers on both databases: `bench/services.py`.
"""

from pathlib import Path
from random import Random

import pytest

from tests.postgres import Cluster
from tests.storm import SCHEDULES, storm

ROUNDS = 6


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(("services", "kind"), [(2, "postgresql"), (10, "sqlite")])
def test_each_firing_is_made_by_one_of_them(
    services: int, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    place = str(tmp_path / "archive.db")
    if kind == "postgresql":
        server: Cluster = request.getfixturevalue("postgres")
        place = server.address(server.make_database())

    found = storm(tmp_path, place, services=services, rounds=ROUNDS, chance=Random(20261123))  # noqa: S311  - moments

    assert found.faults() == []
    assert len(found.firings) == ROUNDS * SCHEDULES
