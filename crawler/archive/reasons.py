"""Why a link got no further: a closed set of words, kept in the ledger and counted in reports.

The first word or words of a reason are always one of these; details may follow, as in "server error (503)".
"""

from typing import Final

from crawler.site import followed

DNS: Final = "dns"
CONNECTION: Final = "connection"
TIMEOUT: Final = "timeout"
FORBIDDEN: Final = "refused (403)"
NOT_FOUND: Final = "not found (404)"
GONE: Final = "gone (410)"
TOO_MANY_REQUESTS: Final = "too many requests (429)"
SERVER_ERROR: Final = "server error"
ROBOTS: Final = "robots"
TOO_LARGE: Final = "too large"
CUT: Final = "cut"
NOT_HTML: Final = "not HTML"
REDIRECTED_AWAY: Final = "redirected away"
# What every article must have and a page did not: "no title", "no text".
LACKS: Final = "no "
# A status that no rule speaks of, or a fault of the program; which one follows.
UNEXPECTED: Final = "unexpected "
# What the guard of the parser said follows.
REFUSED: Final = "refused: "
# While it was fetched or read, the whole process of its crawl ended by a fault; which one follows.
CRASHED: Final = "crashed its crawl: "
# Of a listing: nothing new since it was last read.
NOT_MODIFIED: Final = "not modified"
# Of a link: its host or section is not followed; which one follows. It comes back when the settings change.
NOT_FOLLOWED: Final = followed.NOT_FOLLOWED
# Of a link, where only likely ones are fetched. It comes back when the topics change.
NO_TOPIC: Final = "no topic speaks of it"
# Of a link: its article was stored, and nobody wanted it for as long as such articles are kept; for how long follows.
LET_GO: Final = "let go of"

# The beginnings of all of them.
ALL: Final = (
    *(DNS, CONNECTION, TIMEOUT, FORBIDDEN, NOT_FOUND, GONE, TOO_MANY_REQUESTS, SERVER_ERROR, ROBOTS, TOO_LARGE, CUT),
    *(NOT_HTML, REDIRECTED_AWAY, LACKS, UNEXPECTED, REFUSED, CRASHED, NOT_MODIFIED, NOT_FOLLOWED, NO_TOPIC, LET_GO),
)
