"""All that stands round an article and inside it without being of it: menus, lists of others, scripts, advertisements.

Every line that is printed here is noise; `NOISE` names the short ones, and headlines of others are known by `HEADLINES`.
"""

from itertools import cycle, islice
from typing import Final

_WHO: Final = ("Lurah", "Nelayan", "Kiper Cadangan", "Penjual Cilok", "Dosen Muda", "Kapolsek", "Pemilik Kos")
_DOES: Final = ("Temukan Granat", "Ditilang Dua Kali", "Borong Durian", "Adukan Tetangga", "Rayakan Panen", "Viral")
_WHERE: Final = ("di Kolong Jembatan", "saat Hujan Es", "Usai Sidang Isbat", "di Kebun Kopi", "Jelang Pilkades")
HEADLINES: Final = tuple(
    f"{who} {does} {where}, Begini Ceritanya" for who in _WHO for does in _DOES for where in _WHERE
)

SECTIONS: Final = ("Nasional", "Regional", "Metropolitan", "Internasional", "Bisnis", "Superskor", "Sport", "Seleb")
MORE_SECTIONS: Final = ("Lifestyle", "Travel", "Parapuan", "Kesehatan", "Otomotif", "Techno", "Tribunners", "Indeks")
VIEWED: Final = "Kamis, 19 November 2026"
COPYRIGHT: Final = "© 2026 TRIBUNnews.com Network,a subsidiary of KG Media. All Right Reserved"
COMMENT: Final = "mantap pak lurah sehat selalu ya dari Bekasi"
MARKUP_IN_SCRIPT: Final = "Judul Titipan dari Dalam Skrip"

NOISE: Final = (
    *SECTIONS,
    *MORE_SECTIONS,
    VIEWED,
    COPYRIGHT,
    COMMENT,
    MARKUP_IN_SCRIPT,
    "Rekomendasi untuk Anda",
    "Berita Rekomendasi",
    "BERITA TERKAIT",
    "Berita Terkait",
    "Berita Terkini",
    "Ikuti kami di",
    "AA",
    "Text Sizes",
    "Medium",
    "Larger",
    "lihat foto",
    "zoom-in",
    "Ringkasan Berita:",
    "Ringkasan Berita",
    "Halaman Selanjutnya",
    "Halaman",
    "Tayang:",
    "Penulis:",
    "Editor:",
    "Sumber:",
    "Tags",
    "Wiki Terkait",
    "Baca juga:",
    "BACA JUGA:",
    "BACA SELENGKAPNYA >>>",
    "Baca Selengkapnya :",
    "Dapatkan Berita Pilihan di WhatsApp Anda",
    "Baca WhatsApp Tribunnews",
    "Breaking News:",
    "Simak berita terbaru Tribunnews.com di Google News",
    "ADVERTISEMENT",
    "Scroll untuk melanjutkan membaca",
)


def headlines(count: int, start: int = 0) -> list[str]:
    """Return so many headlines of other articles."""
    return list(islice(cycle(HEADLINES), start, start + count))


def menu() -> str:
    """The head of a page: logo, date of viewing, sections."""
    links = "".join(f"<li><a href='https://www.tribunnews.com/{s.lower()}' title='{s}'>{s}</a></li>" for s in SECTIONS)
    more = "".join(f'<li class="sub"><a href="/{s.lower()}">{s}</a></li>' for s in MORE_SECTIONS)
    return (
        '<div id="header"><a href="/" class="logo"><img alt="logo" src="/img/logo.png"></a>'
        f'<div class="f12 grey fr" id="today">{VIEWED}</div><ul class="menu">{links}{more}</ul>'
        f'<div id="breaking-news-wrapper"><strong>Breaking News:</strong> <a href="#">{headlines(1, 200)[0]}</a></div>'
        f"<!-- <h1 id='arttitle'>{MARKUP_IN_SCRIPT}</h1><div class='side-article txt-article'><p>{MARKUP_IN_SCRIPT}</p></div> -->"
        "</div>"
    )


def script(number: int) -> str:
    """A script whose strings hold markup, and an end of the body that is none."""
    return (
        f"<script type='text/javascript'>\nvar page{number} = 0; /* <p>{MARKUP_IN_SCRIPT}</p> */\n"
        'function row(d){ return "<li class=\'p1520 art-list pos_rel\'><h3><a href=\'"+d.url+"\'>"+d.title+"</a></h3>" +\n'
        f"  \"<div class='side-article txt-article multi-fontsize'><p>{MARKUP_IN_SCRIPT}<\\/p><\\/div>\" +\n"
        "  \"<h1 id='arttitle'>\" + d.title + \"<\\/h1><time datetime='2001-01-01T00:00+07:00'>1 Januari 2001<\\/time>\"; }\n"
        "if (1 < 2 && page0 <= 3) { document.write(row({title:'x'})); }\n</script>"
    )


def list_of_others(count: int, start: int = 0, *, mobile: bool = False) -> str:
    """The newest articles beside or under this one, with times of their own and without a zone."""
    rows = []
    for place, title in enumerate(headlines(count, start)):
        url = f"https://www.tribunnews.com/regional/79{start + place:05d}/{title.lower().replace(' ', '-').replace(',', '')}"
        time = "" if mobile else f' title="2026-11-{place % 18 + 1:02d} 0{place % 10}:11:36"'
        rows.append(
            f'<li class="p1520 art-list pos_rel" data-sort="{place}"><div class="fr mt5 pos_rel"><a href="{url[27:]}" '
            f'title="{title}"><img class="shou2 bgwhite lozad" height="90" width="120" alt="{title}" data-src="https://'
            f"asset-2.tribunnews.com/www/foto/bank/thumbnails2/{place}.jpg\"></a></div><div class='mr140'><h3>"
            f'<a href="{url}" title="{title}" class="f20 ln24 fbo txt-oev-2">\n\t\t\t{title}\t\t</a></h3>'
            f'<div class="grey2 pt5 f13 ln18 txt-oev-2">{title} dan kelanjutannya</div><div class="pt5 grey"><span>'
            f'<a href="/regional" class="fbo2 tsa-2">Regional</a></span><time class="foot timeago"{time}>{place + 2} '
            f'menit lalu</time></div></div><div class="cl2"></div></li>'
        )
    return f'<div class="lsi"><ul id="latestul">{"".join(rows)}</ul><div id="ltldmr">Tampilkan lainnya</div></div>'


def hole(number: int) -> str:
    """An advertisement or box between two paragraphs; each number gives another kind of those seen since 2018."""
    title = headlines(1, 60 + number)[0]
    kinds = (
        '<div class="ads-placeholder"><div id="div-Inside-MediumRectangle">ADVERTISEMENT</div></div>',
        f'<div class="reserved_box_ads reserved_box_5"><span>ADVERTISEMENT</span>{script(number)}</div>',
        '<div class="box__reserved"><p>ADVERTISEMENT</p><p>Scroll untuk melanjutkan membaca</p></div>',
        '<div class="kgnw-middle"><ins class="adsbygoogle">ADVERTISEMENT</ins></div>',
        f'<div class="ol_container"><div class="ol_swipe"><a href="/x">{title}</a></div></div>',
        f'<table class="tbl-terkait"><tr><td><a href="/regional/7911111/a"><img src="/a.jpg"></a></td></tr><tr><td>'
        f'<a href="/regional/7911111/a">{title}</a></td></tr></table>',
        f'<iframe src="https://ads.example/x" title="ADVERTISEMENT">{title}</iframe>',
        '<div class="reserved-topmedium">ADVERTISEMENT</div>',
    )
    return kinds[number % len(kinds)]


def foot(*, heavy: bool, mobile: bool = False) -> str:
    """What follows the article: recommendations, comments, newest articles, the © line, scripts."""
    picks = "".join(
        f'<div class="item-pilihan"><a href="/nasional/{n}/x">{t}</a></div>' for n, t in enumerate(headlines(4))
    )
    boxes = (
        f'<div class="side-article mb5"><div class="pilihan-list" id="widget_pilihanuntukmu_article">'
        f"<h3>Rekomendasi untuk Anda</h3>{picks}</div></div>"
        f'<div class="widgettshop"><a href="#">{headlines(1, 30)[0]}</a></div>'
        f'<div id="jualbeli2022"><p>{headlines(1, 31)[0]}</p></div>'
        f'<div class="_popIn_recommend_art_title"><a href="#">{headlines(1, 32)[0]}</a></div>'
        f'<div id="comments"><p>{COMMENT}</p></div><div class="f14">Ikuti kami di</div><h3>Berita Terkini</h3>'
    )
    weight = "".join(script(number) for number in range(60 if heavy else 2))
    others = list_of_others(90 if heavy else 6, 40, mobile=mobile)
    return f'{boxes}{others}{weight}<h5 class="pa10 ac">{COPYRIGHT.replace("©", "&copy;")}</h5>'


def styles() -> str:
    """Some 30 kB of style rules, with `>` and words that look like markup in comments."""
    rules = "".join(
        f".m{n}>a.txt-article{n}:hover{{color:#c{n % 10}0;content:'<p>'}}/* side-article {n} */\n" for n in range(420)
    )
    return f"<style>{rules}</style>"
