"""The judge: whether an archive and what the newsroom was asked agree with the laws that every crawl keeps."""

from crawler.judge.log import RequestLog, load_log
from crawler.judge.verdict import Allowed, Verdict, judge

__all__ = ["Allowed", "RequestLog", "Verdict", "judge", "load_log"]
