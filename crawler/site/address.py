"""Addresses of the Tribun network: which article an address names, however it is written."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple, NoReturn

from crawler.dates import Zone
from crawler.errors import AddressError
from crawler.site.hosts import VIDEO, canonical_host, host_named, is_news_host

AddressKind = Literal["article", "photo", "video", "other"]
Page = int | Literal["all"]

FOREIGN: Final = (
    "not an address of the Tribunnews network; give one such as https://www.tribunnews.com/nasional/7845771"
)

_LONGEST: Final = 2048
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
# RFC 3986, appendix B. No part can be cut in two ways, here and below, so that matching never backtracks.
_WEB_ADDRESS: Final = re.compile(r"https?://([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE | re.ASCII)
_AUTHORITY: Final = re.compile(r"([^:]*)(?::([0-9]{0,5}))?", re.ASCII)
_WEB_PORTS: Final = (80, 443)

_PLAIN_PATH: Final = re.compile(r"[A-Za-z0-9/._~-]*", re.ASCII)
_ESCAPE_OR_UNSAFE: Final = re.compile(r"%([0-9A-Fa-f]{2})|([^A-Za-z0-9/._~!$&'()*+,;=:@-])", re.ASCII)
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9._~-]", re.ASCII)
_FIRST_PRINTABLE, _DELETE = 0x20, 0x7F

# The shapes of readable addresses. A section has a letter in it: /2024/12/… is an archive page, not article 12.
_SECTION = r"(?P<section>(?![0-9]+/)[^/]+)"
_ID = r"(?P<id>[1-9][0-9]{0,11})"
_PHOTO: Final = re.compile(rf"(?:ampstory/images|images(?:/{_SECTION})?/view)/{_ID}(?:/[^/]+)?", re.ASCII)
_VIDEO: Final = re.compile(rf"view/{_ID}(?:/[^/]+)?", re.ASCII)
_DATED: Final = re.compile(rf"(?:{_SECTION}/)?(?P<date>[0-9]{{4}}/[0-9]{{2}}/[0-9]{{2}})/[^/]+", re.ASCII)
_NUMBERED: Final = re.compile(rf"{_SECTION}/{_ID}/[^/]+", re.ASCII)
# Without a slug, a short number is a page or a year of the section.
_NUMBER_ALONE: Final = re.compile(rf"{_SECTION}/(?P<id>[1-9][0-9]{{4,11}})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1990, 2099

# First parts of a path below which there is nothing to read, whatever follows: what robots.txt disallows, listings,
# people, static pages. There is no list of sections: whatever does not stand here may be one.
_NOT_SECTIONS: Final = frozenset(
    {
        *("ajax", "api", "auth", "json", "komentar", "member", "posts", "search", "tag", "topic"),
        *("feed", "indeks", "index", "index-news", "populer", "rss", "sitemap", "tags", "terpopuler", "topics"),
        *("author", "editor", "penulis", "reporter", "login", "logout", "register"),
        *("about", "contact-us", "help", "info-iklan", "pedoman", "privacy-policy", "redaksi", "terms"),
        *("ampstory", "embed", "iklan-online", "tribun-network", "widget"),
    }
)

_AMP_CACHE: Final = "cdn.ampproject.org"
# Copies of pages lie below /c/ (as they are), /v/ (in a viewer) and /wp/ (signed); "s": they came by https.
_AMP_COPY: Final = re.compile(r"/(?:c|v|wp)/(?:s/)?([^/]+)(.*)", re.ASCII | re.DOTALL)

_PAGE_NUMBER: Final = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """What an address names; all addresses of one article have the same key.

    `key` is host and content id ("www.tribunnews.com/7845771"), or host and path for a dated address, whose id only
    the page knows. Photos, videos and what is not to be read have keys of their own form ("…/images/7845771",
    "…/view/7845771", a final slash), since their numbers are others than those of articles.
    """

    key: str
    url: str
    host: str
    region: str
    kind: AddressKind
    section: str | None = None
    content_id: str | None = None
    dated: date | None = None
    page: Page | None = None

    @property
    def zone(self) -> Zone:
        """The zone of its host's clock."""
        return host_named(self.host).zone

    @property
    def is_readable(self) -> bool:
        """Whether there is something to read: an article, a photo or a video."""
        return self.kind != "other"


# A link is looked at where its listing is read, where it is recorded, and where it is fetched.
@lru_cache(maxsize=4_096)
def identify(url: str) -> Address:
    """Return what an address names, with every variant of it folded into one.

    Folded are scheme, port and letter case of the host, mobile, AMP and white-label hosts, AMP paths and the AMP
    cache, needless percent-encoding, double and final slashes, the fragment, and the query but for `page`.

    Raises:
        AddressError: It is not http(s), not of the network, or malformed.
    """
    if len(url) > _LONGEST:
        _refuse(url, f"longer than {_LONGEST} characters, which no address of the site is")
    url = url.strip(" \t\r\n\f")
    if _CONTROL.search(url):
        _refuse(url, "holds control characters; copy the address again")
    parts = _WEB_ADDRESS.match(url)
    if parts is None:
        _refuse(url, "not a web address; write it with https:// in front")
    name, path = _host_name(url, parts[1]), parts[2]
    if name == _AMP_CACHE or name.endswith(f".{_AMP_CACHE}"):
        name, path = _out_of_the_amp_cache(url, name, path)
    host = canonical_host(name)
    if host is None:
        _refuse(url, FOREIGN)
    path = _canonical_path(url, path)
    canonical = f"https://{host}/{path}"
    if len(canonical) > _LONGEST:
        _refuse(url, f"longer than {_LONGEST} characters, which no address of the site is")
    region, page = host_named(host).region, _page_asked_for(parts[3])
    found = _readable(host, path) if is_news_host(host) else None
    if found is None:
        return Address(f"{host}/{path}/" if path else f"{host}/", canonical, host, region, "other", page=page)
    kind, key, section, content_id, dated = found
    return Address(f"{host}/{key}", canonical, host, region, kind, section, content_id, dated, page)


class _Found(NamedTuple):
    kind: AddressKind
    key: str
    section: str | None
    content_id: str | None
    dated: date | None = None


def _readable(host: str, path: str) -> _Found | None:
    kind: AddressKind = "video" if host == VIDEO else "article"
    if shape := _PHOTO.fullmatch(path):
        return _Found("photo", f"images/{shape['id']}", shape["section"], shape["id"])
    if host == VIDEO and (shape := _VIDEO.fullmatch(path)):
        return _Found("video", f"view/{shape['id']}", None, shape["id"])
    if path.partition("/")[0].lower() in _NOT_SECTIONS:
        return None
    if (shape := _DATED.fullmatch(path)) and (dated := _real_date(shape["date"])):
        return _Found(kind, path, shape["section"], None, dated)
    if shape := _NUMBERED.fullmatch(path) or _NUMBER_ALONE.fullmatch(path):
        is_photo = shape["section"] == "images"
        series = "images/" if is_photo else ""
        return _Found("photo" if is_photo else kind, f"{series}{shape['id']}", shape["section"], shape["id"])
    return None


def _host_name(url: str, authority: str) -> str:
    if "@" in authority:
        _refuse(url, "holds a user name, which may hide where it leads")
    found = _AUTHORITY.fullmatch(authority)
    if found is None or "\\" in url:
        _refuse(url, "malformed; copy the address again")
    if found[2] and int(found[2]) not in _WEB_PORTS:
        _refuse(url, f"port {found[2]} is not one of the site")
    return _lower(url, found[1])


def _lower(url: str, name: str) -> str:
    # Lower case turns some signs, such as the kelvin's, into plain letters: a look-alike would become the real one.
    if not name.isascii():
        _refuse(url, FOREIGN)
    return name.lower()


def _out_of_the_amp_cache(url: str, cache: str, path: str) -> tuple[str, str]:
    found = _AMP_COPY.fullmatch(path)
    if found is None:
        _refuse(url, FOREIGN)
    name = _lower(url, found[1])
    # The cache spells the host that it copied into its own name; one that says otherwise is not of the cache.
    if cache not in (_AMP_CACHE, f"{name.replace('-', '--').replace('.', '-')}.{_AMP_CACHE}"):
        _refuse(url, FOREIGN)
    return name, found[2]


def _canonical_path(url: str, path: str) -> str:
    if not _PLAIN_PATH.fullmatch(path):
        path = _ESCAPE_OR_UNSAFE.sub(lambda found: _canonical_escape(url, found), path)
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del segments[-1:]
        elif segment not in ("", "."):
            segments.append(segment)
    while segments and segments[0].lower() == "amp":
        del segments[0]
    return "/".join(segments)


def _canonical_escape(url: str, found: re.Match[str]) -> str:
    if found[2]:
        return "".join(f"%{byte:02X}" for byte in found[2].encode())
    code = int(found[1], 16)
    if code < _FIRST_PRINTABLE or code == _DELETE:
        _refuse(url, "holds control characters; copy the address again")
    return chr(code) if _UNRESERVED.fullmatch(chr(code)) else f"%{code:02X}"


def _real_date(printed: str) -> date | None:
    year, month, day = map(int, printed.split("/"))
    try:
        return date(year, month, day) if _FIRST_YEAR <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _page_asked_for(query: str | None) -> Page | None:
    page: Page | None = None
    for field in (query or "").split("&"):
        name, _, value = field.partition("=")
        if name != "page":
            continue
        if value.lower() == "all":
            page = "all"
        elif _PAGE_NUMBER.fullmatch(value):
            page = int(value)
    return page


def _refuse(url: str, reason: str) -> NoReturn:
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in url[:_LONGEST])
    raise AddressError(shown, reason)
