"""A person's home directory, and the command line as that person types it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.ready import run_ready

ROOT = Path(__file__).parent.parent
# What takes longer hangs: a busy machine may take ten times what one at rest does.
LONGEST_S = 240.0


@dataclass(frozen=True, slots=True)
class Home:
    """A person's home directory, and the command line as that person types it, in a process of its own."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TRIBUNWATCH_", "XDG_"))}
        return {**kept, "HOME": str(self.folder), "PYTHONPATH": str(ROOT)}

    @property
    def demo_archive(self) -> Path:
        return self.folder / ".local/share/tribunwatch/demo.db"

    def run(
        self,
        *arguments: str,
        stdin: str = "",
        environment: dict[str, str] | None = None,
        timeout_s: float = LONGEST_S,
    ) -> subprocess.CompletedProcess[str]:
        """Run `tribunwatch ARGUMENTS…` to its end."""
        everywhere = {**self.environment, **(environment or {})}
        return run_ready(arguments, folder=self.folder, environment=everywhere, stdin=stdin, timeout_s=timeout_s)

    def run_anew(self, *arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the same in a process that imports everything itself, for what is read at that moment."""
        return subprocess.run(
            [sys.executable, "-m", "tribunwatch", *arguments],
            cwd=self.folder,
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )

    def shell(self, script: str) -> subprocess.CompletedProcess[str]:
        """Run a line of the shell to its end; what it does is not counted as covered, since it may forbid writing."""
        return subprocess.run(
            ["/bin/bash", "-c", script],
            cwd=self.folder,
            env={name: value for name, value in self.environment.items() if not name.startswith("COVERAGE_")},
            capture_output=True,
            text=True,
            timeout=LONGEST_S,
            check=False,
        )
