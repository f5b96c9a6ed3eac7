"""What is told alike of both databases, and how a location is shown."""

import re

from crawler.errors import ArchiveError

# The class of an error and its sentence.
Fault = tuple[type[ArchiveError], str]

ANOTHER, WAIT = "another process", "wait for that process"
HELD_BY = "{who} is writing to it and did not end in time; {remedy}, then run the same command again"
HELD = HELD_BY.format(who=ANOTHER, remedy=WAIT)
NOT_AN_ARCHIVE = "is not a Tribunwatch archive; name another with --archive"
NOTHING_HERE = "there is no archive here; a crawl makes one, or name another with --archive"

# Up to the last @, and whatever is called a password: rather too much is hidden than a part too little.
_PASSWORD = re.compile(r"(?<=://)([^/@:]*):.*@", re.DOTALL)
_PASSWORD_PARAMETER = re.compile(r"(?i)([?&][^=&]*(?:password|passwd|secret|token)[^=&]*=)[^&]*")


def without_password(location: str) -> str:
    """Return the location as it may be shown: a password in it becomes ***."""
    return _PASSWORD_PARAMETER.sub(r"\g<1>***", _PASSWORD.sub(r"\1:***@", location))
