"""Stories: are two articles the same text, and did an article change? Pure."""

from crawler.stories.sameness import content_hash, fingerprint

__all__ = ["content_hash", "fingerprint"]
