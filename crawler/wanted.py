"""What of all that the listings name is to be fetched: the followed hosts and sections, and, if so set, by topic."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import unquote

from config.settings import Settings
from crawler.archive import reasons
from crawler.article import Link
from crawler.follows import followed
from crawler.site import Address, Followed, identify
from crawler.topics import TopicSet

_SLUG: Final = re.compile(r"/([^/]*[a-z][^/]*-[^/]*)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is followed; with `topics`, only what a topic may want."""

    followed: Followed
    topics: TopicSet | None = None

    def refusal(self, link: Link, address: Address | None = None) -> str | None:
        """Return why a link is not to be fetched; None if it is."""
        address = address or identify(link.url)
        reason = self.followed.refusal(address)
        if reason is None and self.topics is not None and not speaks_of(self.topics, _told(link, address), address):
            return reasons.NO_TOPIC
        return reason

    def refusals(self, links: Iterable[tuple[Link, Address]]) -> dict[str, str]:
        """Return, by key, why links are not to be fetched."""
        found = ((address.key, self.refusal(link, address)) for link, address in links)
        return {key: reason for key, reason in found if reason}

    @property
    def choice(self) -> str:
        """A text that changes when other links are wanted."""
        if self.topics is None:
            return f"all; {self.followed.fingerprint}"
        words = repr([(topic.name, topic.definition, topic.fetch) for topic in self.topics.topics])
        return f"likely {hashlib.sha256(words.encode()).hexdigest()[:16]}; {self.followed.fingerprint}"


def wanted(settings: Settings, topics: TopicSet) -> Wanted:
    """Return what the settings want.

    Raises:
        SettingsError: A host is not known, or a listing is none of the network.
    """
    return Wanted(followed(settings), topics if settings.crawl.fetch == "likely" else None)


def speaks_of(topics: TopicSet, link: Link, address: Address) -> bool:
    """Say whether one of the topics may want what the link leads to."""
    return topics.may_want(link, host=address.host, section=address.section)


def _told(link: Link, address: Address) -> Link:
    """Return the link with the words of its address where the listing told nothing of it."""
    if link.title or link.keywords:
        return link
    slug = _SLUG.search(unquote(address.url))
    return replace(link, title=slug[1].replace("-", " ")) if slug else link
