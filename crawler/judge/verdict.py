"""All laws together: what was judged, and what is wrong."""

from dataclasses import dataclass

from crawler.archive.checks import Finding
from crawler.archive.facts import Facts
from crawler.judge import crawls, ledger, manners
from crawler.judge.log import RequestLog


@dataclass(frozen=True, slots=True)
class Allowed:
    """What is asked of an archive.

    Args:
        is_complete: Whatever a listing named must be stored by now.
        repeats: So many fetches may have been repeated because a process was killed.
        pause_s: The pause between two requests to a host.
        longest_pause_s: Of what a host asks for, no more than this is honoured.
    """

    is_complete: bool = False
    repeats: int = 0
    pause_s: float = 0.0
    longest_pause_s: float = 3600.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, and how much was looked at: our requests, the articles that listings named, those stored."""

    findings: tuple[Finding, ...]
    requests: int
    listed: int
    stored: int


def judge(facts: Facts, log: RequestLog, allowed: Allowed) -> Verdict:
    """Return what is wrong with an archive, by what the newsroom was asked."""
    findings: list[Finding] = []
    if log.is_full:
        findings.append(Finding("log", "it is full: what came after its last line was not written; take a new one"))
    findings += ledger.states_explained(facts)
    findings += ledger.articles_accounted_for(facts, log)
    findings += ledger.listed_links_known(facts, log)
    if allowed.is_complete:
        findings += ledger.listed_links_stored(facts, log)
    findings += ledger.nothing_asked_twice(facts, log, repeats=allowed.repeats)
    findings += manners.one_at_a_time(log)
    findings += manners.robots_obeyed(log, facts.hosts)
    findings += manners.pauses_kept(log, pause_s=allowed.pause_s, longest_pause_s=allowed.longest_pause_s)
    findings += crawls.one_at_a_time(facts.crawls)
    findings += crawls.ended_properly(facts.crawls)
    listed = {key for asked in log.asked for key in asked.listed}
    return Verdict(
        findings=tuple(dict.fromkeys(findings)),
        requests=len(log.asked),
        listed=len(listed),
        stored=sum(key in facts.articles for key in log.published),
    )
