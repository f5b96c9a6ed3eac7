"""How long `tribunwatch --help` takes beside a bare `python -c pass`, as a ratio taken in one run.

Promise: at most 8 times. Run: python bench/startup.py
"""

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
    # What else the machine does only ever adds to a time, so the shortest of each is the truest.
    bare_s, help_s = map(min, zip(*((seconds(bare), seconds(help_)) for _ in range(RUNS)), strict=True))
    ratio = help_s / bare_s
    print(f"python -c pass        {bare_s * 1000:6.1f} ms  1.0")
    print(f"tribunwatch --help    {help_s * 1000:6.1f} ms  {ratio:.1f}   promise: at most {PROMISE}")
    return int(ratio > PROMISE)


if __name__ == "__main__":
    sys.exit(main())
