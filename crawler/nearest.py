"""The name that a person probably meant."""

import difflib
from collections.abc import Iterable


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return "; did you mean 'X'?" for the known name nearest to a wrong one in any case; "" where none is near."""
    name = nearest_name(wrong, known)
    return f"; did you mean {name!r}?" if name is not None else ""


def nearest_name(wrong: str, known: Iterable[str], *, likeness: float = 0.5) -> str | None:
    """Return the known name nearest to a wrong one in any case; None where none is as alike as asked (0 to 1)."""
    by_folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(wrong.casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[found[0]] if found else None
