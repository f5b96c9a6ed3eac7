"""How long `tribunwatch --help` takes beside a bare `python -c pass`, as a ratio taken in one run.

Promise: at most 8 times. Run: python bench/startup.py
"""

import statistics
import subprocess
import sys
import time

PROMISE = 8.0
RUNS = 15


def seconds(arguments: list[str]) -> float:
    """Return the wall time of one start."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def main() -> int:
    """Print the table; 1 when the promise is broken."""
    bare, help_ = ["-c", "pass"], ["-m", "tribunwatch", "--help"]
    for arguments in (bare, help_):
        seconds(arguments)
    pairs = [(seconds(bare), seconds(help_)) for _ in range(RUNS)]
    bare_s, help_s = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(taken / floor for floor, taken in pairs)
    print(f"python -c pass        {bare_s * 1000:6.1f} ms  1.0")
    print(f"tribunwatch --help    {help_s * 1000:6.1f} ms  {ratio:.1f}   promise: at most {PROMISE}")
    return int(ratio > PROMISE)


if __name__ == "__main__":
    sys.exit(main())
