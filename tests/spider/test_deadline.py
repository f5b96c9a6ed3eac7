"""A time limit that counts only while the loop turns."""

import asyncio
import time

import pytest

from crawler.spider.deadline import within


def test_what_takes_too_long_ends_with_a_timeout() -> None:
    async def work() -> None:
        async with within(0.1):
            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(work(), 20))


def test_a_loop_that_stood_still_takes_what_came_meanwhile() -> None:
    async def work() -> str:
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def stand_still() -> None:
            time.sleep(1)
            # The answer was there all the time; the loop needs a few turns to hand it on.
            asyncio.get_running_loop().call_later(0.01, answered.set_result, "answer")

        async with within(0.4):
            asyncio.get_running_loop().call_later(0.01, stand_still)
            return await answered

    assert asyncio.run(work()) == "answer"


def test_what_ends_in_time_leaves_nothing_behind() -> None:
    async def work() -> int:
        async with within(0.05):
            pass
        await asyncio.sleep(0.2)
        return len(asyncio.all_tasks())

    assert asyncio.run(work()) == 1
