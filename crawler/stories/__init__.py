"""Stories: are two articles the same text, or nearly, and did an article change? Pure."""

from crawler.stories.likeness import MARKS, Likeness, are_alike, likeness
from crawler.stories.sameness import content_hash, fingerprint

__all__ = ["MARKS", "Likeness", "are_alike", "content_hash", "fingerprint", "likeness"]
