"""The weight of a page: styles, scripts that hold markup, menus, recommendations, comments, footers.

Nothing here belongs to an article. It is there because it is there on the site: a reader that takes text or links from
the wrong place must fail in the tests. The words of the followed topics are in it on purpose.
"""

from functools import lru_cache
from html import escape
from random import Random

from seeds.body import Part
from seeds.sites import REGIONALS, SITES, Site, slug_of

# Pages choose among so many forms of each box, so that two pages differ and yet most of their bytes are made once.
FORMS = 6
SECTIONS = (
    *("nasional", "regional", "metropolitan", "internasional", "bisnis", "superskor", "sport", "seleb", "lifestyle"),
    *("travel", "parapuan", "kesehatan", "otomotif", "techno", "tribunners", "kilas-kementerian", "video", "images"),
)
_SUBJECTS = (
    *("Banjir", "Gempa", "Harga Beras", "Putin", "Kim Jong Un", "Timnas", "KPK", "Ojek Daring", "Wisata Kebun Teh"),
    *("Kereta Malam", "Penjual Bakso", "Kucing Kampung", "Pemilu Desa", "Korea Utara", "Gunung Api", "Makan Bergizi"),
)
_DOINGS = (
    *("Jadi Perbincangan Warga Maya", "Bikin Penasaran, Begini Kisahnya", "Ternyata Punya Cerita Lama", "Ramai Dicari"),
    *("Terekam Kamera Warga", "Kini Dijaga Petugas", "Disorot Karena Hal Ini", "Menurut Ahli, Ini Sebabnya"),
)
_ASIDES = (
    *("Simak Penjelasan Lengkapnya", "Ini Kata Warga Setempat", "Sempat Viral di Media Sosial", "Apa yang Terjadi"),
    *("Petugas Sudah Turun Tangan", "Berikut Kronologinya", "Sampai Didatangi Pejabat Kota", "Dulu dan Sekarang"),
)
_WORDS = (
    *("adalah", "semua", "orang", "bisa", "lihat", "sendiri", "kalau", "keadaannya", "memang"),
    *("begitu", "sejak", "dulu", "sampai", "sekarang", "tidak", "banyak", "berubah", "semoga"),
    *("lekas", "ada", "jalan", "keluar", "yang", "baik", "untuk", "warga", "kecil"),
    *("mantap", "sekali", "beritanya", "ditunggu", "kelanjutannya", "setuju", "dengan", "komentar", "di"),
    *("atas", "kurang", "lengkap", "admin", "tolong", "tambahkan", "fotonya", "terima", "kasih"),
    *("informasinya"),
)


def titles(chance: Random, count: int) -> list[str]:
    """Return so many made-up headlines of boxes."""
    return [f"{chance.choice(_SUBJECTS)} {chance.choice(_DOINGS)}, {chance.choice(_ASIDES)}" for _ in range(count)]


@lru_cache(maxsize=256)
def head_scripts(site: Site) -> Part:
    """Return styles, ad slots and scripts that stand in the head of every page of a site."""
    chance = Random(f"head {site.host}")
    rules = "\n".join(
        f".{name_of(chance)} .{name_of(chance)}{{margin:{chance.randrange(40)}px {chance.randrange(40)}px;padding:"
        f"{chance.randrange(20)}px;color:#{chance.randrange(1 << 24):06x};font-size:{chance.randrange(9, 40)}px}}"
        for _ in range(225)
    )
    slots = "\n".join(
        f"\tvar slot{number} = googletag.defineSlot('/31800000/{site.region}/Article', [[300, 250],[336, 280],"
        "[728, 90]], "
        f"'div-{name_of(chance)}-{number}');\n\tslot{number}.setTargeting('pos',['{name_of(chance)}']);\n"
        f"\tslot{number}.addService(googletag.pubads());"
        for number in range(26)
    )
    blob = "".join(
        f"function {name_of(chance)}(e,t){{var n={chance.randrange(9999)},r='{name_of(chance)}';"
        f"for(var i=0;i<e.length;i++){{if(e[i]&&t[r]){{n+=t[r](e[i])<<{chance.randrange(8)}}}}}return n&&r}}"
        for _ in range(60)
    )
    return part_of(
        f"<style>\n{rules}\n</style>\n"
        f"<script>\n\tdataLayer = [{{\n\t'domain': 'tribunnews',\n\t'content_type':'article',\n\t'agent':'desktop',\n"
        f"}}];\n</script>\n"
        f"<script type='text/javascript'>\ngoogletag.cmd.push(function() {{\n{slots}\n}});\n</script>\n"
        f"<script>!function(){{{blob}}}();</script>\n"
    )


@lru_cache(maxsize=256)
def menu(site: Site) -> Part:
    """Return the bar at the top: sections, the network, drawings."""
    chance = Random(f"menu {site.host}")
    sections = "".join(
        f'<li class="nav-item"><a class="f14 fbo2" href="https://{site.host}/{section}" title="{section.title()}">'
        f'<span class="nav-label">{section.title()}</span></a></li>\n'
        for section in SECTIONS
    )
    network = "".join(
        f'<li><a href="https://{host}/" title="{escape(SITES[host].spoken)}" rel="noopener" class="f12 grey2">'
        f"{escape(SITES[host].spoken)}</a></li>\n"
        for host in REGIONALS
    )
    drawings = "".join(
        f'<symbol id="ikon-{number}" viewBox="0 0 24 24"><path d="{_path(chance)}"/></symbol>' for number in range(16)
    )
    return part_of(
        f'<svg xmlns="http://www.w3.org/2000/svg" style="display:none">{drawings}</svg>\n'
        f'<div class="topbar"><ul class="nav">\n{spread(sections, 5)}</ul>\n'
        '<div class="dropnetwork"><h4>Network</h4><ul>'
        f"\n{spread(network, 6)}"
        f"</ul></div></div>\n"
        '<div id="breaking" class="f13"><span class="fbo2 red">Breaking News:</span> Banjir dan gempa jadi '
        "perhatian warga hari ini</div>\n"
    )


@lru_cache(maxsize=512)
def list_script(site: Site, form: int) -> Part:
    """Return a script whose strings hold the markup of list rows, as the site builds its endless lists."""
    chance = Random(f"script {site.host} {form}")
    rows = "\n".join(
        f"\thtml += \"<li class='p1520 art-list pos_rel'><h3><a href='{address_of(site, chance, title)}' "
        "class='f20 ln24 fbo'>"
        f"{title}<\\/a><\\/h3><div class='grey2 pt5 f13'>{title} dan {other}<\\/div><\\/li>\";"
        for title, other in zip(titles(chance, 26), titles(chance, 26), strict=True)
    )
    return part_of(
        '<script type="text/javascript">\n$(document).ready(function(){\n\tvar html = "<div class=\'side-article '
        f"txt-article'><p>Memuat berita lain<\\/p><\\/div>\";\n{rows}\n\t$('#latestul').append(html);\n}});"
        "\n</script>\n"
    )


@lru_cache(maxsize=512)
def recommendations(site: Site, form: int) -> Part:
    """Return the box "Rekomendasi untuk Anda" in a `div.side-article` that is not the body."""
    chance = Random(f"recommended {site.host} {form}")
    items = "\n".join(
        f'    <div class="item-pilihan">\n      <a href="{address_of(site, chance, title)}?ct=pilihanuntukmu&amp;'
        'm=widget" '
        f'title="{title}"><img class="lozad shou2" data-src="{picture_of(chance)}" alt="{title}" width="200" '
        'height="112">'
        f'{title}</a>\n      <p class="grey2 f13">{title} - cerita selengkapnya ada di halaman lain.</p>\n    </div>'
        for title in titles(chance, 15)
    )
    return part_of(
        '<div class="side-article mb5">\n  <h3 class="f20 fbo">Rekomendasi untuk Anda</h3>\n'
        f'  <div id="widget_pilihanuntukmu_article" class="pilihan-list">\n{spread(items, 7)}\n  </div>\n</div>\n'
    )


@lru_cache(maxsize=512)
def latest(site: Site, form: int) -> Part:
    """Return "Berita Terkini" with its known traps: relative links, pinned old rows, ad rows, a wrong host."""
    chance = Random(f"latest {site.host} {form}")
    rows = []
    for number, title in enumerate(titles(chance, 20), start=1):
        pinned = " cindex" if number % 7 == 0 else ""
        if number % 9 == 0:
            rows.append(
                "<li class='reserved_box_ads reserved_box_5 pos_rel p1520 nativeads'><div id='div-Native'></div></li>"
            )
        rows.append(
            f'<li class="p1520 art-list pos_rel{pinned}" data-sort="{number}"><div class="fr mt5 pos_rel">'
            f'<a href="2024/01/{chance.randrange(1, 29):02d}/{slug_of(title)}" title="{title}">'
            f'<img data-src="{picture_of(chance)}" class="shou2 bgwhite lozad" height="90" width="120" '
            f'alt="{title}" /></a></div>'
            f'<div class="mr140"><h4 class="fbo2 f14 red"><a href="https://{site.host}/topics/{slug_of(title, 20)}">'
            f'{title.split(" ")[0]}</a></h4><h3><a href="{address_of(site, chance, title)}" title="{title}" '
            f'class="f20 ln24 fbo txt-oev-2">{title} </a></h3><div class="grey2 pt5 f13 ln18 txt-oev-2">{title}, '
            f'simak ulasannya.</div><time class="foot timeago" title="2024-01-{chance.randrange(1, 29):02d} 17:01:36">'
            f'{number} menit lalu</time><div class="sharecot pos_abs nw" '
            'data-href="https://www.tribunnews.com/2024/01/20/'
            f'{slug_of(title)}" data-title="{title}"></div></div><div class="cl2"></div></li>'
        )
    listed = spread("\n".join(rows), 9)
    return part_of(
        f'<div class="bsh ovh"><h3>Berita Terkini</h3><div class="lsi"><ul id="terkiniul">\n{listed}\n</ul>'
        "</div></div>\n"
    )


@lru_cache(maxsize=512)
def comments(form: int) -> Part:
    """Return what readers wrote under an article."""
    chance = Random(f"comments {form}")
    said = "\n".join(
        f'<div class="comment-item"><strong class="f13">Pembaca {chance.randrange(1000, 9999)}</strong>'
        f'<time class="grey">{chance.randrange(2, 58)} menit lalu</time><p>'
        f"{' '.join(chance.choices(_WORDS, k=34))}</p></div>"
        for _ in range(22)
    )
    return part_of(f'<div id="comments"><h4>Komentar</h4>\n{spread(said, 7)}\n</div>\n')


@lru_cache(maxsize=256)
def footer(site: Site, year: int) -> Part:
    """Return the end of every page: network, static pages, copyright of the year of viewing, late scripts."""
    chance = Random(f"footer {site.host}")
    network = "".join(
        f'<li class="ft-item"><a href="https://{host}/" target="_blank" rel="noopener" title="Berita {region.title()}">'
        f'<span class="ft-logo" style="background-position:-{chance.randrange(900)}px 0"></span>'
        f"Berita {region.title()} "
        f"hari ini - {escape(SITES[host].spoken)}</a></li>\n"
        for host, region in ((host, SITES[host].region) for host in REGIONALS)
    )
    late = "".join(
        f"var {name_of(chance)}={{code:'{name_of(chance)}',bids:[{{bidder:'{name_of(chance)}',params:{{networkId:"
        f"{chance.randrange(9999)},zone:'{name_of(chance)}'}}}}]}};"
        for _ in range(72)
    )
    return part_of(
        f'<div class="footer"><ul class="ft-network">\n{spread(network, 6)}</ul>\n'
        '<ul><li><a href="/about">About Us</a></li>'
        '<li><a href="/redaksi">Redaksi</a></li><li><a href="/pedoman">Pedoman Media Siber</a></li></ul>\n'
        f"<p>© {year} TRIBUNnews.com Network,a subsidiary of KG Media. All Right Reserved</p></div>\n"
        f"<script>{late}</script>\n"
    )


def in_body(number: int) -> str:
    """Return something the site puts between two paragraphs of a body: never text of the article."""
    return _IN_BODY[number % len(_IN_BODY)]


_IN_BODY = (
    '<div class="ads-placeholder"><div id="div-Inside-MediumRectangle">iklan-placeholder</div></div>',
    "<script>document.write(\"<p class='iklan'>Putin dan banjir di iklan<\\/p>\");</script>",
    "<p>&nbsp;</p>",
    '<div class="box__reserved reserved_box_ads kgnw-middle"><ins class="adsbygoogle">ADVERTISEMENT</ins></div>',
)


def part_of(text: str) -> Part:
    """Return a part that stands on many pages."""
    return Part(text.encode(), is_shared=True)


def spread(markup: str, depth: int) -> str:
    """Return markup with every element on a line of its own, deeply indented, as the templates of the site print it."""
    tabs = "\t" * depth
    return markup.replace("><", f">\n{tabs}<").replace("\n<", f"\n{tabs}<")


def name_of(chance: Random) -> str:
    """Return a name as a script or a style has it."""
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randrange(5, 12)))


def _path(chance: Random) -> str:
    return "M" + " ".join(f"{chance.uniform(0, 24):.2f} {chance.uniform(0, 24):.2f}" for _ in range(28)) + "z"


def address_of(site: Site, chance: Random, title: str) -> str:
    """Return the address of an article that is not there."""
    return f"https://{site.host}/{chance.choice(SECTIONS)}/{chance.randrange(9_500_000, 9_599_999)}/{slug_of(title)}"


def picture_of(chance: Random) -> str:
    """Return the address of a picture that is not there."""
    name = "-".join(name_of(chance) for _ in range(5))
    return f"https://asset-2.tribunnews.com/tribunnews/foto/bank/thumbnails2/{name}.jpg"
