"""The sites of the newsroom: which hosts it answers for, their brand and zone, and how the site prints a moment."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

WWW = "www.tribunnews.com"
# Other names under which the same pages of www are served.
ALSO_WWW = frozenset({"tribunnews.com", "m.tribunnews.com", "presnapress.com", "www.presnapress.com"})
# These print the index without a zone, as the site did for years.
WITHOUT_PRINTED_ZONE = frozenset({"surabaya.tribunnews.com", "kupang.tribunnews.com"})
# The regional sites name their sitemaps with an underscore, except these.
DASHED_SITEMAPS = frozenset({WWW, "jakarta.tribunnews.com", "jabar.tribunnews.com"})
JAKARTA = timezone(timedelta(hours=7))

_HOURS = {"WIB": 7, "WITA": 8, "WIT": 9}
_WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
_WITA = frozenset(
    {
        *("bali", "lombok", "mataram", "kupang", "flores", "banjarmasin", "kaltim", "kaltara"),
        *("makassar", "toraja", "sulbar", "palu", "sultra", "gorontalo", "manado"),
    }
)
_WIT = frozenset({"ternate", "ambon", "papua", "papuatengah", "papuabarat", "sorong"})
# Brands that are not simply TRIBUN + the name of the host + .COM.
_BRANDS = {
    "www": "TRIBUNNEWS.COM",
    "video": "TRIBUN-VIDEO.COM",
    "wartakota": "WARTAKOTALIVE.COM",
    "bogor": "TRIBUNNEWSBOGOR.COM",
    "depok": "TRIBUNNEWSDEPOK.COM",
    "jabar": "TRIBUNJABAR.ID",
    "pantura": "TRIBUN-PANTURA.COM",
    "surabaya": "SURYA.CO.ID",
    "suryamalang": "SURYAMALANG.COM",
    "bali": "TRIBUN-BALI.COM",
    "kupang": "POS-KUPANG.COM",
    "aceh": "SERAMBINEWS.COM",
    "prohaba": "PROHABA.CO",
    "medan": "TRIBUN-MEDAN.COM",
    "batam": "TRIBUNBATAM.id",
    "palembang": "SRIPOKU.COM",
    "bangka": "BANGKAPOS.COM",
    "belitung": "POSBELITUNG.CO",
    "lampung": "TRIBUNLAMPUNG.CO.ID",
    "pontianak": "TRIBUNPONTIANAK.CO.ID",
    "banjarmasin": "BANJARMASINPOST.CO.ID",
    "kaltim": "TRIBUNKALTIM.CO",
    "makassar": "TRIBUN-TIMUR.COM",
    "sulbar": "TRIBUN-SULBAR.COM",
    "sultra": "TRIBUNNEWSSULTRA.COM",
    "manado": "TRIBUNMANADO.CO.ID",
    "papua": "TRIBUN-PAPUA.COM",
    "papuatengah": "TRIBUN-PAPUATENGAH.COM",
    "newsmaker": "TRIBUNNEWSMAKER.COM",
}
_LABELS = (
    *("www", "video", "wartakota", "jakarta", "bogor", "bekasi", "tangerang", "depok"),
    *("banten", "jabar", "priangan", "cirebon", "jateng", "banyumas", "pantura", "muria"),
    *("solo", "jogja", "jatim", "madura", "mataraman", "surabaya", "suryamalang", "bali"),
    *("lombok", "mataram", "kupang", "flores", "aceh", "prohaba", "gayo", "medan"),
    *("pekanbaru", "batam", "padang", "jambi", "bengkulu", "palembang", "sumsel", "bangka"),
    *("belitung", "lampung", "pontianak", "banjarmasin", "kalteng", "kaltim", "kaltara", "makassar"),
    *("toraja", "sulbar", "palu", "sultra", "gorontalo", "manado", "ternate", "ambon"),
    *("papua", "papuatengah", "papuabarat", "sorong", "travel", "wow", "trends", "style"),
    *("newsmaker", "health", "shopping"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """One site: host "jabar.tribunnews.com", region "jabar" (www: "nasional"), brand and zone of its clock."""

    host: str
    region: str
    brand: str
    zone: str

    @property
    def tzinfo(self) -> timezone:
        """The zone in which this site prints its times."""
        return timezone(timedelta(hours=_HOURS[self.zone]))

    @property
    def spoken(self) -> str:
        """The brand as it stands behind a title: "Tribunjabar.id"."""
        return self.brand.capitalize()


def _site(label: str) -> Site:
    zone = "WITA" if label in _WITA else "WIT" if label in _WIT else "WIB"
    brand = _BRANDS.get(label, f"TRIBUN{label.upper()}.COM")
    return Site(f"{label}.tribunnews.com", "nasional" if label == "www" else label, brand, zone)


SITES = {site.host: site for site in map(_site, _LABELS)}
REGIONALS = tuple(host for host in SITES if host not in {WWW, "video.tribunnews.com"})


def site_of(host: str) -> Site | None:
    """Return the site that answers under this name, None if it is not of the network."""
    return SITES[WWW] if host in ALSO_WWW else SITES.get(host)


def print_day(day: date) -> str:
    """Return "Jumat, 24 Juli 2026"."""
    return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]} {day.year}"


def print_moment(moment: datetime, site: Site, *, with_zone: bool = True) -> str:
    """Return "Jumat, 24 Juli 2026 12:40 WIB", in the zone of the site."""
    local = moment.astimezone(site.tzinfo)
    return f"{print_day(local.date())} {local:%H:%M}{' ' + site.zone if with_zone else ''}"


def slug_of(title: str, limit: int = 90) -> str:
    """Return the words of a title as they stand in an address, cut at a word as the site cuts them."""
    slug = "-".join(re.findall(r"[a-z0-9]+", title.lower()))
    return slug if len(slug) <= limit else slug[:limit].rsplit("-", 1)[0]
