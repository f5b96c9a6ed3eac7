"""More of what stands round every article: subsections, popular and chosen articles, videos, shop, advertisements.

As on the site it is mostly markup: many small elements, deeply indented, with pictures that are loaded late, scripts
and styles of their own between them, and markup that somebody commented out.
"""

from functools import lru_cache
from random import Random

from seeds.body import Part
from seeds.noise import FORMS, SECTIONS, address_of, name_of, part_of, picture_of, titles
from seeds.sites import REGIONALS, SITES, Site, slug_of

_SUBSECTIONS = ("terkini", "populer", "peristiwa", "sorotan", "wawancara")
_GOODS = ("Payung Lipat", "Panci Kukus", "Tikar Pandan", "Lampu Senter", "Sapu Ijuk", "Teko Enamel", "Topi Caping")
# The names of places for advertisements that ad blockers know.
_PLACES = ("reserved-topmedium", "box__reserved", "reserved_box_ads", "kgnw-middle", "banner_article_slide")


def round_article(site: Site, chance: Random) -> list[Part]:
    """Return the boxes below an article, in one of their forms each."""
    return [
        _popular(site, chance.randrange(FORMS)),
        *(_chosen(site, number, chance.randrange(FORMS)) for number in range(2)),
        _videos(site, chance.randrange(FORMS)),
        _shop(site),
    ]


@lru_cache(maxsize=256)
def links_in_head(site: Site) -> Part:
    """Return what a head names: hosts to connect to, styles, icons, and scripts that measure."""
    chance = Random(f"links {site.host}")
    hosts = "".join(
        f'<link href="//{name_of(chance)}.{name_of(chance)}.com" rel="{kind}" crossorigin>\n'
        for kind in ("dns-prefetch", "preconnect")
        for _ in range(6)
    )
    icons = "".join(
        f'<link rel="apple-touch-icon" sizes="{size}x{size}" href="https://asset-1.tribunnews.com/img/icon-{size}.png">\n'
        for size in (57, 72, 114, 144, 180)
    )
    metas = "".join(
        f'<meta name="{name}" content="{name_of(chance)}"/>\n'
        for name in ("robots", "googlebot", "author", "theme-color", "viewport", "alexaVerifyID", "geo.country")
    )
    scripts = "".join(
        f"<script>(function(w,d,s,l,i){{w[l]=w[l]||[];w[l].push({{'{name_of(chance)}':new Date().getTime(),"
        f"event:'{name_of(chance)}.js'}});}})(window,document,'script','{name_of(chance)}');</script>\n"
        f'<script src="https://cdn.{name_of(chance)}.com/{name_of(chance)}/{name_of(chance)}.js" async></script>\n'
        for _ in range(8)
    )
    return part_of(
        f"{hosts}{icons}{metas}"
        '<link rel="stylesheet" href="https://asset-1.tribunnews.com/css/artikel.css" type="text/css"  />\n'
        f"<!-- Pengukuran -->\n{scripts}"
    )


@lru_cache(maxsize=256)
def drawer(site: Site) -> Part:
    """Return the menu that opens at the side: search, log-in, every section with its subsections."""
    rows = "".join(_drawer_row(site, section, 1 + number % 3) for number, section in enumerate(SECTIONS))
    return part_of(
        '<!-- Google Tag Manager (noscript) -->\n<noscript><iframe src="https://www.googletagmanager.com/ns.html" '
        'height="0" width="0" style="display:none;visibility:hidden"></iframe></noscript>\n'
        "<!--<script src='/js/lama.js' async></script><div class='theader'>-->\n"
        '<div class="theader" id="laci"><div class="theader-side">\n\t\t<form action="/search" class="cari">'
        '<input type="hidden" name="cx" value="pub-0"/><input type="text" name="q" placeholder="Cari berita"/>'
        '<button type="submit"><i class="fa fa-search"></i></button></form>\n\t\t<ul class="masuk">'
        '<li class="bdr grid" style="display:none;"><a rel="noopener" href="/akun" title="Profil">'
        '<span class="img_head"></span><span>Hai, <b id="fullname"></b></span></a></li>'
        '<li><a href="/masuk" title="Masuk"><span class="fa fa-user"></span> Masuk</a></li></ul>\n'
        f'\t\t<ul class="laci">\n{rows}\t\t</ul>\n\t</div>\n</div>\n' + _place(f"drawer {site.host}", "Top-Leaderboard")
    )


def _drawer_row(site: Site, section: str, count: int) -> str:
    name, home = section.title(), f"https://{site.host}/{section}"
    below = "".join(
        f'\t\t\t\t\t<li class="bdr"><a href="{home}/{each}" title="{name} {each.title()}">{each.title()}</a></li>\n'
        for each in _SUBSECTIONS[:count]
    )
    return (
        f'\t\t\t<li class="bdr grid"><a href="{home}">{name}</a><i class="fa fa-angle-down" aria-hidden="true"></i>\n'
        f'\t\t\t\t<ul class="submenu">\n{below}\t\t\t\t</ul>\n\t\t\t</li>\n'
    )


@lru_cache(maxsize=256)
def amp_head(site: Site) -> Part:
    """Return what the head of every AMP page must hold, and its style; how heavy it is on the site is not known."""
    chance = Random(f"amp {site.host}")
    rules = "".join(
        f".{name_of(chance)}-{name_of(chance)}{{margin:{chance.randrange(40)}px;padding:{chance.randrange(20)}px;color:"
        f"#{chance.randrange(1 << 24):06x};font-size:{chance.randrange(9, 40)}px}}"
        for _ in range(330)
    )
    elements = "".join(
        f'<script async custom-element="amp-{name}" src="https://cdn.ampproject.org/v0/amp-{name}-0.1.js"></script>\n'
        for name in ("ad", "sidebar", "analytics", "iframe", "social-share", "youtube", "carousel", "accordion", "form")
    )
    return part_of(
        f"{elements}<style amp-boilerplate>body{{animation:-amp-start 8s steps(1,end) 0s 1 normal both}}"
        "@keyframes -amp-start{from{visibility:hidden}to{visibility:visible}}</style>"
        f"<noscript><style amp-boilerplate>body{{animation:none}}</style></noscript>\n"
        f"<style amp-custom>{rules}</style>\n"
    )


@lru_cache(maxsize=512)
def round_amp(site: Site, form: int) -> Part:
    """Return what stands below the text of an AMP page: other articles with pictures, advertisements, the network."""
    chance = Random(f"amp {site.host} {form}")
    rows = "".join(
        f'<li class="p1520"><div class="fr"><a href="{address_of(site, chance, title)}"><amp-img '
        f'src="{picture_of(chance)}" width="130" height="100" layout="fixed" alt="{title}"></amp-img></a></div>'
        f'<h3><a href="{address_of(site, chance, title)}" class="fbo2 f16">{title}</a></h3><time class="foot">{number} '
        "menit lalu</time></li>\n"
        + (
            f'<li><amp-ad width="300" height="250" type="doubleclick" data-slot="/31800000/{site.region}/AMP_{number}">'
            "</amp-ad></li>\n"
            if number % 5 == 0
            else ""
        )
        for number, title in enumerate(titles(chance, 30), 1)
    )
    network = "".join(f'<li><a href="https://{host}/">{SITES[host].region.title()}</a></li>\n' for host in REGIONALS)
    return part_of(
        f'<div class="lain"><h3>Berita Terkini</h3><ul>\n{rows}</ul></div>\n<ul class="network">\n{network}</ul>\n'
        '<amp-analytics type="googleanalytics"><script type="application/json">'
        f'{{"vars":{{"account":"UA-{chance.randrange(99_999)}"}},"triggers":{{"t":{{"on":"visible"}}}}}}'
        "</script></amp-analytics>\n"
    )


@lru_cache(maxsize=512)
def _popular(site: Site, form: int) -> Part:
    chance = Random(f"popular {site.host} {form}")
    rows = "".join(
        f'\t\t\t<li class="pos_rel populer-{number}">\n\t\t\t\t<div class="fl nomor"><span class="f32 fbo red">{number}'
        f'</span></div>\n\t\t\t\t<div class="ovh pos_rel">\n\t\t\t\t\t<h3><a href="{address_of(site, chance, title)}" '
        f'title="{title}" class="fbo2 f16 ln22 txt-oev-3">\n\t\t\t\t\t\t{title} \t</a></h3>\n\t\t\t\t\t'
        f'<div class="grey pt5 dip"><h4><a href="https://{site.host}/{section}" title="{section.title()}" '
        f'class="fbo f12 red">{section.title()}</a></h4><span class="fa fa-clock-o ml7 mr7"></span>'
        f'<time class="foot">{number} jam lalu</time></div>\n\t\t\t\t</div>\n\t\t\t\t<div class="cl2"></div>\n'
        "\t\t\t</li>\n"
        for number, (title, section) in enumerate(zip(titles(chance, 10), chance.sample(SECTIONS, 10), strict=True), 1)
    )
    return part_of(
        f'<div class="bsh mb20 populer">\n\t<h2 class="fbo f16 blue2 p1015">Terpopuler</h2>\n\t\t<ul>\n{rows}'
        "\t\t</ul>\n</div>\n" + _place(f"popular {site.host} {form}", "Right-MediumRectangle")
    )


@lru_cache(maxsize=2048)
def _chosen(site: Site, number: int, form: int) -> Part:
    """Return the newest articles of one section, with pictures."""
    chance = Random(f"chosen {site.host} {number} {form}")
    section = chance.choice(SECTIONS)
    rows = "".join(
        f'\t\t\t\t<li class="pos_rel p1520" sort="{place}">\n\t\t\t\t\t<div class="fr btsquare pos_rel">\n'
        f'\t\t\t\t\t\t<a href="{address_of(site, chance, title)}" title="{title}"><img class="lozad" '
        f'data-src="{picture_of(chance)}" height="100" width="130" alt="{slug_of(title, 40)}.jpg" /></a>\n'
        f'\t\t\t\t\t</div>\n\t\t\t\t\t<div class="mr140">\n\t\t\t\t\t\t<div class="fbo2 f13 red">'
        f'<a href="https://{site.host}/topics/{slug_of(title, 20)}">{title.split(" ")[0]}</a></div>\n'
        f'\t\t\t\t\t\t<h3><a href="{address_of(site, chance, title)}" class="fbo2 f16 ln22 txt-oev-3">{title}</a>'
        "</h3>\n"
        f'\t\t\t\t\t\t<div class="grey pt5 dip"><span class="fa fa-clock-o ml7 mr7"></span><time class="foot">'
        f'{place} menit lalu</time></div>\n\t\t\t\t\t</div>\n\t\t\t\t\t<div class="cl2"></div>\n\t\t\t\t</li>\n'
        + (_place(f"row {section} {place}", f"NativeAds-Populer-{place}") if place % 3 == 1 else "")
        for place, title in enumerate(titles(chance, 7))
    )
    return part_of(
        f'<div class="bsh mb20">\n\t<h2 class="p1015"><a href="https://{site.host}/{section}">Berita {section.title()}'
        f'</a></h2>\n\t\t\t<ul class="lsi">\n{rows}\t\t\t</ul>\n</div>\n'
        + _place(f"chosen {site.host} {number} {form}", f"NativeAds-Latest-{number}")
    )


@lru_cache(maxsize=512)
def _videos(site: Site, form: int) -> Part:
    chance = Random(f"videos {site.host} {form}")
    cards = "".join(
        f'\t\t<div class="dit bdr0 fl mr15 content">\n\t\t\t<div class="pos_rel"><a '
        f'href="https://video.tribunnews.com/view/{chance.randrange(300_000, 900_000)}/{slug_of(title)}" '
        f'style="width:200px;height:122px;display:block"><img class="lozad" data-src="{picture_of(chance)}" '
        f'width="200" height="122" alt="{title}"/><span class="pos_abs putar"></span></a></div>\n\t\t\t'
        f'<h3 class="f14 ln20"><a href="https://video.tribunnews.com/view/{chance.randrange(300_000, 900_000)}/'
        f'{slug_of(title)}">{title}&#8230;</a></h3>\n\t\t</div>\n'
        for title in titles(chance, 8)
    )
    return part_of(
        f'<div class="bsh mb20 video">\n\t<h2 class="fbo f16 blue2 p1015">Video Pilihan</h2>\n{cards}'
        '\t\t<div class="cl2"></div>\n</div>\n'
    )


@lru_cache(maxsize=256)
def _shop(site: Site) -> Part:
    """Return the shelf of the shop, with a style of its own and headlines that are none."""
    chance = Random(f"shop {site.host}")
    cards = "".join(
        f'\t\t\t\t<div class="simply card"><div class="simply-wrapper"><div class="simply-images"><img '
        f'data-src="{picture_of(chance)}" src="{picture_of(chance)}" alt="{good}" width="175"></div>'
        f'<div class="simply-content"><h1 class="simply-title">{good}</h1><h2 class="simply-title">'
        f"Rp. {chance.randrange(9, 350)}.000</h2><button>Tambah ke Keranjang</button></div></div></div>\n"
        for good in _GOODS
    )
    return part_of(
        "<style>\n.simply.card::before,.simply.card::after{clear:both;display:table;}\n"
        ".card .simply-data{position:absolute;bottom:0;width:100%;transform:translateY(0);}\n</style>\n"
        f'<div class="widgettshop" id="jualbeli2022">\n{cards}</div>\n'
    )


def _place(seed: str, name: str) -> str:
    """Return a place for an advertisement with the script that fills it."""
    chance = Random(f"place {seed}")
    return (
        f'<!-- {name} -->\n<div class="{chance.choice(_PLACES)} mb20">\n\t<div id="div-{name}">\n\t\t<script '
        f"type='text/javascript'>\n\t\t\tgoogletag.cmd.push(function() {{ googletag.display('div-{name}'); }});\n"
        f'\t\t\tvar {name_of(chance)} = document.getElementById("div-{name}");\n\t\t</script>\n\t</div>\n</div>\n'
    )
