"""Moments as the archive keeps them: whole seconds since 1970, and where printed, the offset in minutes."""

from datetime import UTC, datetime, timedelta, timezone

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
_SECOND = timedelta(seconds=1)


def seconds_of(moment: datetime) -> int:
    """Return the seconds since 1970, rounded down.

    Raises:
        ValueError: The moment has no zone; what it means cannot be known.
    """
    if moment.tzinfo is None:
        raise ValueError(f"a moment without a zone cannot be stored: {moment.isoformat()}")
    # Not `timestamp()`: whole numbers stay exact over all years.
    return (moment - _EPOCH) // _SECOND


def offset_min_of(moment: datetime) -> int:
    """Return the printed offset from UTC in minutes: 420 for WIB."""
    return (moment.utcoffset() or timedelta()) // _MINUTE


def moment_of(seconds: int, offset_min: int | None = None) -> datetime:
    """Return the aware moment: with the offset that was printed, else in UTC."""
    if offset_min is None:
        return _EPOCH + timedelta(seconds=seconds)
    # By the local time, which the site printed: near the years 1 and 9999 the UTC time may not exist.
    local = datetime(1970, 1, 1) + timedelta(seconds=seconds, minutes=offset_min)  # noqa: DTZ001  - made aware below
    return local.replace(tzinfo=timezone(timedelta(minutes=offset_min)))
