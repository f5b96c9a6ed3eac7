"""What Scrapy is told: one crawl per process, one request at a time per host, and no door left open.

Whatever of Scrapy's machinery a crawl does not need is left out: it costs time on every page, or opens a door
(telnet, remote control, file: addresses, cookies that look up a list on the network, a job directory that is not
safe against a crash).
"""

from typing import Any, Final

_HANDLER: Final = "crawler.spider.handler.WatchDownloadHandler"


def scrapy_settings(  # noqa: PLR0913  - each is a setting of its own
    *, user_agent: str, delay_s: float, timeout_s: float, most_bytes: int, budget_s: float, site: str | None
) -> dict[str, Any]:
    """Return Scrapy's settings for one crawl.

    Args:
        user_agent: Sent with every request.
        delay_s: The pause between two requests to a host; more than 0.
        timeout_s: For one whole answer.
        most_bytes: The largest answer, as received and unpacked.
        budget_s: After so long the spider stops by itself; Scrapy's own limit a minute later is a belt.
        site: Where to send all requests instead, see `handler.py`.
    """
    return {
        "USER_AGENT": user_agent,
        "WATCH_SITE": site,
        # Our downloader keeps to one request per host by itself. Scrapy's own, should it ever be put back, does so only
        # with a delay above 0 (Scrapy 2.14 to 2.19).
        "DOWNLOAD_DELAY": max(delay_s, 0.001),
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "CONCURRENT_REQUESTS": 0,
        "CONCURRENT_ITEMS": 1,
        "DOWNLOAD_TIMEOUT": timeout_s,
        "DOWNLOAD_MAXSIZE": most_bytes,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOADER": "crawler.spider.downloader.WatchDownloader",
        "DOWNLOAD_HANDLERS": {
            "http": _HANDLER,
            "https": _HANDLER,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "CLOSESPIDER_TIMEOUT": budget_s + 60,
        # Emptied, not switched off one by one: what is named at all is imported, which takes half a second.
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "EXTENSIONS": {"scrapy.extensions.closespider.CloseSpider": 0},
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "REFERER_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "STATS_DUMP": False,
        "LOG_ENABLED": False,
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOG_VERSIONS": [],
        "JOBDIR": None,
        "FEEDS": {},
    }
