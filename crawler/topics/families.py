"""The family of a word: the forms that Indonesian makes of it."""

_CLITICS = ("nya", "lah", "kah")


def forms(word: str) -> frozenset[str]:
    """Return the folded forms of the family of a typed word; the word itself is always one of them."""
    return frozenset({word, *(word + clitic for clitic in _CLITICS)})
