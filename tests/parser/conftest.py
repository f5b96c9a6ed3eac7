"""What the tests of the parser share: pages of the present layout with a body of their own."""

import json
from collections.abc import Callable
from typing import Any

import pytest

MakePage = Callable[..., bytes]

_PAGE = """<!DOCTYPE html>
<html lang="id-ID">
<head>
<meta charset="utf-8">
<title>{title}</title>
{head}
</head>
<body>
<div class="header"><span class="date-now grey2 f12">Jumat, 24 Juli 2026</span></div>
<div id="breaking"><span>Breaking News:</span> Gempa di mana-mana</div>
{above}
<h1 class="f50 black2 f400 crimson" id="arttitle">{title}</h1>
{under}
<div class="side-article txt-article multi-fontsize">
{body}
</div>
<div class="side-article mb5"><div id="widget_pilihanuntukmu_article"><p>Rekomendasi yang bukan isi</p></div></div>
{below}
</body>
</html>
"""
_STORY = {"@type": "NewsArticle", "datePublished": "2026-07-24T12:40:31+07:00", "keywords": []}


@pytest.fixture
def make_page() -> MakePage:
    """Make a page: `body` is the markup inside the text's element, `story` adds to or (None) replaces the JSON-LD."""

    def make(
        body: str = "<p>Isi berita yang pertama.</p>",
        *,
        title: str = "Judul Berita",
        head: str = "",
        above: str = "",
        under: str = "",
        below: str = "",
        story: dict[str, Any] | None = _STORY,
    ) -> bytes:
        if story is not None:
            data = json.dumps({"@context": "https://schema.org", "@graph": [{**_STORY, **story}]})
            head += f'<script type="application/ld+json">{data}</script>'
        return _PAGE.format(title=title, head=head, above=above, under=under, body=body, below=below).encode()

    return make
