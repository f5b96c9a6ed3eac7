"""Pages as m. hosts and AMP send them."""

from html import escape

from tests.heldback import bodies, furniture, machine
from tests.heldback.pages import people_line, printed
from tests.heldback.story import Story


def mobile_page(
    story: Story, *, form: str = "second", dated: bool = True, heavy: bool = False, style: str = ""
) -> tuple[str, str]:
    """Return address and markup of the first page on m.: "zoom-in", boxes between the paragraphs, a wiki at the end."""
    canonical = story.address(dated=dated)
    url = canonical.replace("https://www.", "https://m.")
    pages = story.pages()
    inner = bodies.body(story, pages[0], first=True, last=len(pages) == 1, generation="m", style=style)
    title = escape(story.title, quote=False)
    lead = f'<div class="f17 grey2">{escape(story.lead)}</div>' if story.lead and "lead" in style else ""
    picture = ""
    if story.caption:
        picture = (
            f'<div class="pos_rel"><a class="glightbox" href="/a.jpg"><span class="zoom">zoom-in</span> <span>{title}</span>'
            f'<img class="wfull" src="/a.jpg" alt="{escape(story.caption)}"></a><div class="f11 white pa3 fr pos_rel ar">'
            f'{escape(story.credit)}</div><div class="arial f12 pt5 grey2">{escape(story.caption)}</div></div>'
        )
    source = (
        f'<div class="sources mb20"><h6>Sumber: <a title="{story.source}">{story.source}</a></h6></div>'
        if story.source
        else ""
    )
    tags = "".join(f'<h5 class="tagcloud3"><a class="rd2" href="/tag/x">{tag}</a></h5>' for tag in story.tags)
    links = "".join(f'<a href="?page={n}" rel="page-{n}">{n}</a>' for n in range(1, len(pages) + 1))
    pager = (
        f'<div class="paging"><span class="total-page">Halaman 1/{len(pages)}</span>{links}</div>'
        if len(pages) > 1
        else ""
    )
    wiki = "".join(f'<li><a href="#">{each}</a></li>' for each in furniture.headlines(2, 150))
    markup = f"""<!DOCTYPE html>
<html lang="id-ID" itemscope="itemscope" itemtype="http://schema.org/WebPage"><head>
{machine.head(story, form=form, url=url, canonical=canonical)}
{furniture.styles() if heavy else ""}</head><body>
{furniture.menu()}
<div class="pa15 f13">Nikmati berita interaktif dan LIVE report 24 jam hanya di TribunX</div>
<div id="article"><div class="pa15"><div class="fbo2 f13 red"><a href="/x">Tribun</a></div>
<h1 class="f32">{title}</h1>{lead}
<div class="mt10"><time class="grey">{printed(story)}</time></div>
<div class="credit"><div id="penulis">Penulis: {people_line(story.authors, "penulis")}</div>
<div id="editor">Editor: {people_line(story.editors, "editor")}</div></div>
</div>{picture}
<div class="pa15"><div class="txt-article multi-fontsize mb20">
{inner}
</div>{source}{pager}<div class="wa">Dapatkan Berita Pilihan di WhatsApp Anda<br>Baca WhatsApp Tribunnews</div>{tags}
<div class="wiki"><h3>Wiki Terkait</h3><ul>{wiki}</ul></div></div></div>
{furniture.foot(heavy=heavy, mobile=True)}</body></html>"""
    return url, markup


def amp_page(story: Story, *, form: str = "plain", style: str = "") -> tuple[str, str]:
    """Return address and markup of the AMP page, which holds the first page's text and no pager."""
    canonical = story.address(dated=True)
    if story.host == "www":
        url = canonical.replace("https://www.tribunnews.com/", "https://m.tribunnews.com/amp/")
    else:
        url = canonical.replace(".tribunnews.com/", ".tribunnews.com/amp/")
    pages = story.pages()
    inner = bodies.body(story, pages[0], first=True, last=len(pages) == 1, generation="amp", style=style)
    nav = "".join(f"<li><a href='/{name.lower()}'>{name}</a></li>" for name in furniture.SECTIONS)
    head = machine.head(story, form=form, url=url, canonical=canonical)
    picture = ""
    if story.caption:
        picture = (
            '<figure><amp-img src="/a.jpg" width="700" height="393" layout="responsive"></amp-img>'
            f"<figcaption>{escape(story.caption)}</figcaption></figure>"
        )
    topic = f'<h2><a href="https://m.tribunnews.com/topic/x">{escape(story.topic)}</a></h2>' if story.topic else ""
    markup = f"""<!doctype html>
<html ⚡ lang="id"><head>{head}
<style amp-boilerplate>body{{visibility:hidden}}</style><script async src="https://cdn.ampproject.org/v0.js"></script>
<style amp-custom>.txt-article p{{margin:0}}</style></head><body>
<amp-sidebar id="sidebar" layout="nodisplay"><ul>{nav}</ul></amp-sidebar>
<header><button on="tap:sidebar.toggle">☰</button></header>
<article>{topic}<h1 id="arttitle">{escape(story.title, quote=False)}</h1>
<div class="credit"><div id="penulis">Penulis: {people_line(story.authors, "penulis")}</div>
<div id="editor">Editor: {people_line(story.editors, "editor")}</div></div>
<div class="sizes"><button>AA</button><div>Text Sizes</div><button>Medium</button><button>Large</button>
<button>Larger</button></div>{picture}
<div class="txt-article multi-fontsize">
{inner}
</div></article>
<amp-ad width="300" height="250" type="doubleclick"><div placeholder>ADVERTISEMENT</div></amp-ad>
<h3>Berita Terkini</h3><ul>{"".join(f"<li><a href='#'>{title}</a></li>" for title in furniture.headlines(5, 120))}</ul>
<footer>{furniture.COPYRIGHT}</footer></body></html>"""
    return url, markup
