"""What a service has done to look after its archive: by processes of its own, kept whatever becomes of them."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import DEFAULT_FILE, load_settings
from crawler.archive.connect import Archive
from crawler.archive.firings import write_firing
from crawler.archive.schedules import list_schedules
from crawler.archive.services import end_service, register_service
from crawler.archive.upkeep import Asked, list_upkeep, settle_upkeep, tending
from crawler.errors import ScheduleError
from crawler.processes import this_process
from scheduler.provision import orders_of, provision
from scheduler.upkeep import Upkeep
from tests.scheduler.conftest import NOON, Keep


@pytest.fixture
def service_id(archive: Archive) -> int:
    return register_service(archive, process=this_process(), version="1", address=None, now=NOON)


@pytest.fixture
def options(tmp_path: Path) -> tuple[str, ...]:
    config = tmp_path / "config.toml"
    config.write_text(f'[backup]\nfolder = "{tmp_path / "backups"}"\n')
    return ("--config", str(config))


Fire = Callable[[str], int]


@pytest.fixture
def fire(archive: Archive, keep: Keep, service_id: int) -> Fire:
    moments = iter(range(100))

    def make(task: str) -> int:
        at = NOON + timedelta(days=next(moments))
        schedule_id = keep(task, "1d", task=task)
        how = {"scheduled_for": at, "state": "due", "reason": "", "now": at, "service_id": service_id, "crawl_id": None}
        with archive.writing() as connection:
            return write_firing(connection, schedule_id=schedule_id, **how)  # type: ignore[arg-type]

    return make


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def whole() -> None:
        await asyncio.wait_for(work(), 120)

    asyncio.run(whole())


def done(archive: Archive) -> list[tuple[str, str, str | None]]:
    return [(each.task, each.state, each.reason) for each in reversed(list_upkeep(archive))]


def test_a_firing_is_answered_by_a_backup_and_a_pruning_one_after_the_other(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...], tmp_path: Path
) -> None:
    async def work() -> None:
        upkeep = Upkeep(archive, service_id=service_id, child_arguments=options)
        await asyncio.gather(*(upkeep.do(task, fire(task)) for task in ("backup", "prune", "backup")))
        assert upkeep.running is None

    run(work)

    assert done(archive) == [("backup", "succeeded", None), ("prune", "succeeded", None), ("backup", "succeeded", None)]
    assert list_upkeep(archive)[1].report["articles"] == 0
    assert len(list((tmp_path / "backups").iterdir())) == 2


def test_what_fails_is_kept_with_the_line_that_says_why(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "backups").write_text("in the way")

    async def work() -> None:
        await Upkeep(archive, service_id=service_id, child_arguments=options).do("backup", fire("backup"))
        await Upkeep(archive, service_id=service_id, child_arguments=("--nonsense",)).do("prune", fire("prune"))

    run(work)

    (_, first, why), (_, second, usage) = done(archive)
    assert (first, second) == ("failed", "failed")
    assert "File exists" in str(why)
    assert "no such option" in str(usage).lower()


def test_a_process_that_is_killed_is_kept_as_lost(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...]
) -> None:
    async def work() -> None:
        upkeep = Upkeep(archive, service_id=service_id, child_arguments=options)
        # The archive is held, so that the backup waits for its turn and can be killed.
        with archive.upkeep_lock():
            doing = asyncio.create_task(upkeep.do("backup", fire("backup")))
            while upkeep._child is None:  # noqa: ASYNC110  - nobody tells when
                await asyncio.sleep(0.01)
            upkeep._child.send_signal(signal.SIGKILL)
            await doing

    run(work)

    assert done(archive) == [("backup", "failed", "killed by signal 9")]


def test_a_service_that_stops_ends_what_is_at_work_and_begins_nothing_more(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...]
) -> None:
    async def work() -> None:
        upkeep = Upkeep(archive, service_id=service_id, child_arguments=options)
        with archive.upkeep_lock():
            doing = [asyncio.create_task(upkeep.do(task, fire(task))) for task in ("backup", "prune")]
            while upkeep._child is None:  # noqa: ASYNC110  - nobody tells when
                await asyncio.sleep(0.01)
            await upkeep.stop(20)
        await asyncio.gather(*doing)

    run(work)

    ((task, state, _),) = done(archive)
    assert (task, state) == ("backup", "failed")


def test_what_the_service_before_left_behind_is_taken_up(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...]
) -> None:
    fire("prune")
    end_service(archive, service_id, now=NOON)
    later = register_service(archive, process=this_process(), version="1", address=None, now=NOON)

    async def work() -> None:
        upkeep = Upkeep(archive, service_id=later, child_arguments=options, clock=lambda: NOON)
        await upkeep.take_up()
        await upkeep.take_up()

    run(work)

    assert done(archive) == [("prune", "succeeded", None)]


def test_what_a_service_leaves_behind_is_taken_up_by_the_oldest_that_lives_beside_it(
    archive: Archive, service_id: int, fire: Fire, options: tuple[str, ...]
) -> None:
    firing_id = fire("prune")
    oldest, other = (
        register_service(archive, process=this_process(), version="1", address=None, now=NOON) for _ in range(2)
    )

    async def work() -> None:
        both = [
            Upkeep(archive, service_id=each, child_arguments=options, look_s=0.05, clock=lambda: NOON)
            for each in (other, oldest)
        ]
        for each in both:
            each.start()
        await asyncio.sleep(0.3)
        assert done(archive) == []
        end_service(archive, service_id, now=NOON)
        while not [each for each in done(archive) if each[1] == "succeeded"]:  # noqa: ASYNC110  - nobody tells when
            await asyncio.sleep(0.05)
        await asyncio.gather(*(each.stop(20) for each in both))

    run(work)

    assert done(archive) == [("prune", "succeeded", None)]
    with archive.reading() as connection:
        answered = connection.exec_driver_sql("SELECT firing_id, service_id FROM upkeep").all()
    assert [tuple(row) for row in answered] == [(firing_id, oldest)]


def test_a_service_that_stood_still_settles_nothing_of_the_one_that_took_its_place(
    archive: Archive, service_id: int, fire: Fire
) -> None:
    firing_id = fire("prune")
    other = register_service(archive, process=this_process(), version="1", address=None, now=NOON)
    ours = tending(archive, "prune", clock=lambda: NOON, asked=Asked(firing_id, other))

    with ours:
        settle_upkeep(archive, "prune", asked=Asked(firing_id, service_id), reason="too late", now=NOON)

    assert done(archive) == [("prune", "succeeded", None)]


def test_settings_make_the_schedules_of_pruning_and_backups(archive: Archive, tmp_path: Path) -> None:
    own = tmp_path / "config.toml"
    own.write_text('[backup]\nevery = ""\n[schedule]\nquiet_hours = "23:00-05:00"\n')

    provision(archive, load_settings(DEFAULT_FILE, {}, {}), (), now=NOON)
    first = {each.name: each.order for each in list_schedules(archive) if each.order.task != "crawl"}
    provision(archive, load_settings(own, {}, {}), (), now=NOON)
    second = {each.name: each.order for each in list_schedules(archive) if each.order.task != "crawl"}

    assert {name: (order.task, order.plan, order.origin) for name, order in first.items()} == {
        "prune": ("prune", "0 3 * * *", "settings"),
        "backup": ("backup", "30 3 * * *", "settings"),
    }
    assert list(second) == ["prune"]
    assert second["prune"].quiet_hours is None


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('[backup]\nevery = "auto"', '"auto" is for listings'),
        ('[archive]\nprune_every = "3 o\'clock"', "archive.prune_every"),
    ],
)
def test_a_plan_that_cannot_be_is_told_with_its_setting(lines: str, said: str, tmp_path: Path) -> None:
    own = tmp_path / "config.toml"
    own.write_text(lines)

    with pytest.raises(ScheduleError, match=said):
        orders_of(load_settings(own, {}, {}), ())
