"""What stands at an article's address and is no article: refusals, robot checks, consent walls, error pages, lists.

Told by title, headline and the address that a page gives itself, and only where a page has no text, or a short one
without a date: words inside an article decide nothing, since articles are written about captchas and refusals, too.
Such an article names its own address; a wall has none, also where it stands in the site's frame.
"""

import re
from html import unescape
from urllib.parse import urlsplit

from crawler.article import Article
from crawler.parser.datelines import without_site_name
from crawler.parser.machine import canonical_address
from crawler.parser.spacing import tidy

_NOT_FOUND = r"tidak\s(?:ditemukan|tersedia|ada)"
_REFUSAL = re.compile(
    r"(?:error\s?:?\s?)?403(?:\s?[-:|]?\s?(?:error|forbidden|access\sdenied))?|forbidden|akses\sditolak"
    r"|access\sdenied.{0,40}|(?:error:\s)?the\srequest\scould\snot\sbe\ssatisfied\.?|attention\srequired!?.{0,40}"
    r"|sorry,\syou\shave\sbeen\sblocked",
    re.IGNORECASE,
)
_MISSING = re.compile(
    rf"(?:error\s?:?\s?)?404(?:\W{{0,3}}(?:error|(?:page\s)?not\sfound|.{{0,20}}{_NOT_FOUND}))?|(?:page\s)?not\sfound\W?"
    rf"|(?:maaf,?\s)?(?:halaman|artikel|berita|konten)(?:\s\w{{1,12}}){{0,4}}\s(?:{_NOT_FOUND}|(?:telah\s)?dihapus)\W?",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"just\sa\smoment\W{0,5}|.{0,40}\b(?:bukan|not\sa)\srobot\b.{0,40}|.{0,20}\bcaptcha\b.{0,20}"
    r"|(?:verifikasi|verify|checking|memeriksa)\b.{0,40}\b(?:keamanan|manusia|human|browser|peramban)\b.{0,40}",
    re.IGNORECASE,
)
_CONSENT = re.compile(r".{0,30}\b(?:cookies?|privasi|privacy|consent|persetujuan)\b.{0,30}", re.IGNORECASE)
_ERROR = re.compile(
    r"(?:error\s?:?\s?)?50[0234](?:\W{0,3}(?:error|internal|server|bad|service|gateway|temporarily)\b.{0,40})?"
    r"|(?:internal\s)?server\serror|bad\sgateway|service\s(?:temporarily\s)?unavailable|gateway\stime-?out"
    r"|.{0,30}\b(?:under\smaintenance|sedang\sdalam\s(?:perbaikan|pemeliharaan))\b.{0,30}|error",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    r"(?:silakan\s)?(?:masuk|login|log\sin|sign\sin)"
    r"(?:\s(?:untuk\s(?:melanjutkan|membaca)|terlebih\sdahulu|dulu|to\s(?:continue|read))\b.{0,30})?",
    re.IGNORECASE,
)
# No headline is one of these as a whole.
_CERTAIN = (("a refusal", _REFUSAL), ("a note that there is no such page", _MISSING))
# A headline may read so; where there is no text it is one of these.
_LIKELY = (
    *_CERTAIN,
    ("a robot check", _ROBOT),
    ("a request for consent", _CONSENT),
    ("an error page", _ERROR),
    ("a request to sign in", _SIGN_IN),
)
_TITLES = re.compile(rb"<(?:title|h1)\b[^<>]{0,300}>\s*([^<]{1,300})", re.IGNORECASE)
_MOST_TITLES = 4
_LISTS = frozenset({"index-news", "indeks", "tag", "topic", "topics", "search", "populer"})
_LONGEST_NOTICE = 600


def notice_instead(page: bytes, article: Article | None) -> str | None:
    """Return what a page is instead of an article, for example "a refusal (403 ERROR)"; None where it does not tell.

    Args:
        page: The page in UTF-8.
        article: What was read from it, if anything.
    """
    has_text = article is not None and bool(article.paragraphs)
    if has_text and article is not None and not _may_be_notice(article):
        return None
    if not page.strip():
        return "an empty body"
    own = canonical_address(page)
    is_list = own is not None and _is_list(own)
    notices = _CERTAIN if has_text and own and not is_list else _LIKELY
    for number, found in enumerate(_TITLES.finditer(page)):
        if number == _MOST_TITLES:
            break
        title = without_site_name(tidy(unescape(found[1].decode("utf-8", "replace"))))
        if name := next((name for name, form in notices if form.fullmatch(title)), None):
            return f"{name} ({title[:60]})"
    return f"a page that lists articles ({own[:100]})" if own and is_list and not has_text else None


def _may_be_notice(article: Article) -> bool:
    return article.published_at is None and sum(len(each.text) for each in article.paragraphs) < _LONGEST_NOTICE


def _is_list(url: str) -> bool:
    try:
        parts = [part for part in urlsplit(url).path.split("/") if part]
    except ValueError:
        return False
    return len(parts) <= 1 or parts[0].lower() in _LISTS
