"""How soon articles are discovered, for the same number of requests: four ways to say which listing is asked when.

A fixed interval, tiers made by hand, ours (the code of the service) and an oracle that knows the rates, on the same
articles, ten seeds for each case. The promises, against the fixed interval, stand in CASES.
Run: python bench/freshness.py
"""

import heapq
import statistics
import sys
from bisect import bisect_right
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from bench.freshness_ways import Fixed, Oracle, Ours, Way, moment, tiers
from bench.freshness_worlds import Case, World, make_world
from scheduler.listing_rate import Answer
from scheduler.price import Budget

SEEDS = range(10)
# The budget is met within a few days, not hour by hour.
MOST_ASKED = 1.03
CASES = (
    Case("separate, steady", 60, 120, 1.0, 100, 1.45),
    Case("separate, daily rhythm", 60, 120, 1.0, 100, 1.55, of_oracle=0.95, has_rhythm=True, learns_days=7, days=7),
    Case("separate, uneven, 20 entries", 60, 90, 1.5, 20, 0.0, has_rhythm=True),
    Case("overlapping, 300 an hour", 300, 240, 1.0, 100, 3.5, has_rhythm=True, has_overlap=True, learns_days=2, days=3),
    Case("overlapping, 60 an hour", 60, 240, 1.0, 100, 6.0, has_rhythm=True, has_overlap=True, learns_days=2, days=5),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one way came to in one world: delays in minutes, the share missed, and the requests of an hour."""

    mean: float
    median: float
    p95: float
    missed: float
    asks_per_hour: float


def simulate(world: World, way: Way, case: Case) -> Result:
    """Return how soon the articles of the days that are measured were discovered."""
    measured, end = 24.0 * case.learns_days, 24.0 * (case.learns_days + case.days)
    found: list[float | None] = [None] * len(world.published)
    read = [bisect_right(board.at, 0.0) for board in world.boards]
    due = [(at, number) for number, at in enumerate(way.first())]
    heapq.heapify(due)
    asks = 0
    answered = [False] * len(world.boards)
    while due[0][0] < end + 24:
        now, number = heapq.heappop(due)
        board = world.boards[number]
        upto = bisect_right(board.at, now)
        oldest = max(0, upto - board.shown)
        begin = max(oldest, read[number]) if answered[number] else oldest
        novel = 0
        for article in board.articles[begin:upto]:
            if found[article] is None:
                found[article] = now
                novel += 1
        answer = Answer(moment(now), novel, upto - begin, upto - oldest, moment(board.at[oldest]) if upto else None)
        read[number], answered[number] = upto, True
        asks += measured <= now < end
        heapq.heappush(due, (way.after(number, answer, now), number))
        if (all_anew := way.anew(now)) is not None and all(answered):
            due = [(at, each) for each, at in enumerate(all_anew)]
            heapq.heapify(due)
    delays, missed, born = [], 0, 0
    for at, seen in zip(world.published, found, strict=True):
        if 0 <= at < end:
            born += 1
            missed += seen is None
            if at >= measured and seen is not None:
                delays.append((seen - at) * 60)
    delays.sort()
    return Result(
        statistics.fmean(delays),
        delays[len(delays) // 2],
        delays[len(delays) * 95 // 100],
        missed / born,
        asks / (end - measured),
    )


def run(task: tuple[Case, int]) -> dict[str, Result]:
    """Return the results of one case and seed; the others get as many requests as ours really made."""
    case, seed = task
    world = make_world(case, seed)
    boards = len(world.boards)
    ours = simulate(world, Ours(boards, Budget(requests_per_day=24 * case.asks_per_hour)), case)
    asks_per_hour = ours.asks_per_hour
    others: dict[str, Way] = {
        "fixed interval": Fixed([boards / asks_per_hour] * boards),
        "tiers by hand": Fixed(tiers(boards, asks_per_hour, has_overlap=case.has_overlap)),
        "oracle": Oracle(world.rates, asks_per_hour),
    }
    return {**{name: simulate(world, way, case) for name, way in others.items()}, "ours": ours}


def main() -> int:
    """Print the table; 1 when a promise is broken."""
    broken = 0
    print(f"{'':18}{'mean':>8}{'median':>8}{'p95':>8}{'missed':>9}{'asks/h':>8}{'fresher':>9}   minutes of delay")
    with ProcessPoolExecutor() as pool:
        for case in CASES:
            results = list(pool.map(run, [(case, seed) for seed in SEEDS]))
            print(f"{case.name}, {len(results)} seeds")
            fixed, ours, oracle = (
                statistics.fmean(result[name].mean for result in results)
                for name in ("fixed interval", "ours", "oracle")
            )
            for name in results[0]:
                mine = [result[name] for result in results]
                mean = statistics.fmean(each.mean for each in mine)
                print(
                    f"  {name:16}{mean:8.2f}{statistics.fmean(each.median for each in mine):8.2f}"
                    f"{statistics.fmean(each.p95 for each in mine):8.2f}"
                    f"{statistics.fmean(each.missed for each in mine):9.3%}"
                    f"{statistics.fmean(each.asks_per_hour for each in mine):8.1f}{fixed / mean:9.2f}"
                )
            missed = sum(result["ours"].missed for result in results)
            asked = statistics.fmean(result["ours"].asks_per_hour for result in results) / case.asks_per_hour
            faults = [
                *([f"not {case.promise} times fresher"] if fixed / ours < case.promise else []),
                *([f"below {case.of_oracle} of the oracle"] if oracle / ours < case.of_oracle else []),
                *(["missed entries"] if missed else []),
                *(["over the budget"] if asked > MOST_ASKED else []),
            ]
            promise = f"promise: {case.promise or 'nothing missed'}" + f", {case.of_oracle} of the oracle" * bool(
                case.of_oracle
            )
            print(f"  {promise}; {oracle / ours:.3f} of the oracle; {'; '.join(faults) or 'kept'}", flush=True)
            broken += bool(faults)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
