"""Where Tribunwatch keeps what is not named in the settings."""

from pathlib import Path


def demo_archive() -> Path:
    """Return the archive of `tribunwatch demo`: its invented articles never mix with real ones."""
    from platformdirs import user_data_path

    return user_data_path("tribunwatch") / "demo.db"
