"""The hosts of the Tribun network: which there are, what each is called, under which other names each answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from crawler.dates import ZONES, Zone

NETWORK: Final = "tribunnews.com"
HOME: Final = f"www.{NETWORK}"
VIDEO: Final = f"video.{NETWORK}"
NATIONAL: Final = "nasional"

# One row a host: the name before ".tribunnews.com", and the brand as it prints in datelines. The name is also the
# region that people type, except that www is "nasional". The zone is that of the province; sites for the whole country
# are in WIB. A brand marked with * was never seen in print: it follows the pattern of its neighbours.
_WIB: Final = """
    www             TRIBUNNEWS.COM
    video           TRIBUN-VIDEO.COM
    health          TRIBUNHEALTH.COM
    newsmaker       TRIBUNNEWSMAKER.COM
    style           TRIBUNSTYLE.COM
    travel          TRIBUNTRAVEL.COM
    trends          TRIBUNTRENDS.COM
    wow             TRIBUNWOW.COM

    aceh            SERAMBINEWS.COM
    gayo            TRIBUNGAYO.COM
    nanggroe        TRIBUNNANGGROE.COM *
    prohaba         PROHABA.CO
    medan           TRIBUN-MEDAN.COM
    padang          TRIBUNPADANG.COM
    pekanbaru       TRIBUNPEKANBARU.COM
    batam           TRIBUNBATAM.ID
    jambi           TRIBUNJAMBI.COM
    bengkulu        TRIBUNBENGKULU.COM
    palembang       SRIPOKU.COM
    sumsel          TRIBUNSUMSEL.COM
    babel           BABELNEWS.ID *
    bangka          BANGKAPOS.COM
    belitung        POSBELITUNG.CO
    lampung         TRIBUNLAMPUNG.CO.ID

    jakarta         TRIBUNJAKARTA.COM
    wartakota       WARTAKOTALIVE.COM
    banten          TRIBUNBANTEN.COM
    bekasi          TRIBUNBEKASI.COM
    bogor           TRIBUNNEWSBOGOR.COM
    depok           TRIBUNNEWSDEPOK.COM
    tangerang       TRIBUNTANGERANG.COM
    jabar           TRIBUNJABAR.ID
    cirebon         TRIBUNCIREBON.COM
    priangan        TRIBUNPRIANGAN.COM
    jateng          TRIBUNJATENG.COM
    banyumas        TRIBUNBANYUMAS.COM
    muria           TRIBUNMURIA.COM
    pantura         TRIBUN-PANTURA.COM
    solo            TRIBUNSOLO.COM
    jogja           TRIBUNJOGJA.COM
    jatim           TRIBUNJATIM.COM
    jatim-timur     TRIBUNJATIMTIMUR.COM *
    madura          TRIBUNMADURA.COM
    mataraman       TRIBUNMATARAMAN.COM
    surabaya        SURYA.CO.ID
    suryamalang     SURYAMALANG.COM

    pontianak       TRIBUNPONTIANAK.CO.ID
    kalteng         TRIBUNKALTENG.COM
"""
_WITA: Final = """
    bali            TRIBUN-BALI.COM
    lombok          TRIBUNLOMBOK.COM
    mataram         TRIBUNMATARAM.COM *
    flores          TRIBUNFLORES.COM
    kupang          POS-KUPANG.COM

    banjarmasin     BANJARMASINPOST.CO.ID
    kaltara         TRIBUNKALTARA.COM
    kaltim          TRIBUNKALTIM.CO

    gorontalo       TRIBUNGORONTALO.COM
    makassar        TRIBUN-TIMUR.COM
    manado          TRIBUNMANADO.CO.ID
    palu            TRIBUNPALU.COM
    sulbar          TRIBUN-SULBAR.COM
    sultra          TRIBUNNEWSSULTRA.COM
    toraja          TRIBUNTORAJA.COM
"""
_WIT: Final = """
    ambon           TRIBUNAMBON.COM
    ternate         TRIBUNTERNATE.COM
    papua           TRIBUN-PAPUA.COM
    papuabarat      TRIBUNPAPUABARAT.COM
    papuatengah     TRIBUN-PAPUATENGAH.COM
    sorong          TRIBUNSORONG.COM
"""

# Domains that show the articles of www under their own name. A list, never a pattern: look-alikes are many.
WHITE_LABELS: Final = frozenset({"presnapress.com"})

# Names before ".tribunnews.com" that hold accounts, shops, files and services: of the network, but nothing to read.
_SERVICES: Final = frozenset(
    {
        *("account", "accounts", "auth", "login", "member", "sso", "mail"),
        *("api", "ajax", "data", "search", "komentar", "wilis"),
        *("belanja", "booking", "jba", "shopping", "epaper", "superskor", "blog"),
        *("ads", "assets", "cdn", "images", "img", "static"),
    }
)
_FILE_SERVER: Final = re.compile(r"(?:asset|cdn)-?[0-9]{1,3}")
# Domains of the network that are no news sites.
_OTHER_DOMAINS: Final = ("tribunnewswiki.com", "tribunjualbeli.com")
_WITHIN_NETWORK: Final = tuple(f".{domain}" for domain in (NETWORK, *_OTHER_DOMAINS))

# Other doors to the same pages: m.tribunnews.com, www.jabar.tribunnews.com, m.presnapress.com.
_DOORS: Final = frozenset({"www", "m", "amp"})
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LONGEST_NAME: Final = 253


@dataclass(frozen=True, slots=True)
class Host:
    """One site of the network."""

    name: str
    region: str
    brand: str
    zone: Zone

    @property
    def utc_offset(self) -> timedelta:
        """How far the clocks of its region are ahead of UTC."""
        return ZONES[self.zone].utcoffset(None)


def _hosts() -> dict[str, Host]:
    tables: dict[Zone, str] = {"WIB": _WIB, "WITA": _WITA, "WIT": _WIT}
    hosts = {}
    for zone, table in tables.items():
        for label, brand, *_ in filter(None, map(str.split, table.splitlines())):
            name = f"{label}.{NETWORK}"
            hosts[name] = Host(name, NATIONAL if name == HOME else label, brand, zone)
    return hosts


HOSTS: Final[Mapping[str, Host]] = MappingProxyType(_hosts())


def canonical_host(name: str) -> str | None:
    """Return the host that shows the same pages under its proper name, or None if it is not of the network.

    "m.tribunnews.com", "tribunnews.com" and "www.presnapress.com" give "www.tribunnews.com".
    """
    name = name.removesuffix(".")
    if not name.isascii() or len(name) > _LONGEST_NAME:
        return None
    name = name.lower()
    if name in HOSTS:
        return name
    labels = name.split(".")
    if not all(map(_LABEL.fullmatch, labels)) or any(label.startswith("xn--") for label in labels):
        return None
    while labels[0] in _DOORS and len(labels) > 1:
        del labels[0]
    bare = ".".join(labels)
    if bare == NETWORK or bare in WHITE_LABELS:
        return HOME
    return bare if f".{bare}".endswith(_WITHIN_NETWORK) else None


def is_news_host(name: str) -> bool:
    """Tell whether a canonical host holds articles.

    A name directly below tribunnews.com that nobody has told us of is taken for a new regional site, as they have
    all been for years; deeper names ("dev.api.tribunnews.com") are services.
    """
    if name in HOSTS:
        return True
    label = name.removesuffix(f".{NETWORK}")
    return label != name and "." not in label and label not in _SERVICES and not _FILE_SERVER.fullmatch(label)


def host_named(name: str) -> Host:
    """Return what is known of a canonical host; of one not in the table: its first label as region, and WIB."""
    known = HOSTS.get(name)
    if known:
        return known
    label = name.split(".", 1)[0]
    return Host(name, region=name if label == NATIONAL else label, brand=name.upper(), zone="WIB")
