"""A time limit that counts only while the event loop turns: who stood still did not see what came meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

_STEPS: Final = 10
_LONGEST_STEP_S: Final = 1.0


@asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """End the block with TimeoutError after so many seconds.

    A crawl stands still while it waits for its archive, for a minute if need be. The answer to its request has come
    long before then, and a clock on the wall would say that it came too late. So each step of the way counts for twice
    its length at most.
    """
    loop = asyncio.get_running_loop()
    step_s = min(_LONGEST_STEP_S, seconds / _STEPS)
    left_s, seen_s = seconds, time.monotonic()
    timer: asyncio.TimerHandle | None = None

    async with asyncio.timeout(None) as limit:

        def tick() -> None:
            nonlocal left_s, seen_s, timer
            now_s = time.monotonic()
            left_s -= min(now_s - seen_s, 2 * step_s)
            seen_s = now_s
            if left_s <= 0:
                limit.reschedule(loop.time())
            else:
                timer = loop.call_later(min(step_s, left_s), tick)

        timer = loop.call_later(step_s, tick)
        try:
            yield
        finally:
            if timer is not None:
                timer.cancel()
