"""The supervisor: silence is held against a crawl only where it could have spoken."""

import resource
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.archive.connect import Archive
from crawler.archive.crawls import load_crawl
from crawler.archive.lease import begin_crawl
from crawler.crawl_options import CrawlOptions
from crawler.errors import ArchiveFullError
from crawler.processes import this_process
from scheduler.supervisor import Supervisor


def test_on_a_full_disk_no_crawl_is_silent(archive: Archive, path: Path) -> None:
    process, now = this_process(), datetime.now(UTC)
    lease = begin_crawl(archive, options=CrawlOptions().as_json(), process=process, now=now)
    crawl = load_crawl(archive, crawl_id=lease.crawl_id)
    patient, strict = (Supervisor(archive, clock=lambda: now, lease_s=0) for _ in range(2))
    log_bytes = Path(f"{path}-wal").stat().st_size
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)

    resource.setrlimit(resource.RLIMIT_FSIZE, (log_bytes, hard))
    try:
        with pytest.raises(ArchiveFullError):
            patient.is_silent(crawl)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert strict.is_silent(crawl)
