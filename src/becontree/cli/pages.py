"""One self-contained HTML page from a command: words, tables and bars, with nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

STYLE = """
:root{color-scheme:light dark;--ink:#1b1a17;--paper:#fbf9f4;--strong:#0b5d5e;--line:#c9c3b6}
@media (prefers-color-scheme:dark){:root{--ink:#f1eee6;--paper:#1b1a17;--strong:#7fd1cf;--line:#55514a}}
body{font:19px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:66ch;
margin:0 auto;padding:1rem}
h1,h2{line-height:1.2}h1{border-bottom:4px solid var(--strong);padding-bottom:.3rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;font-weight:700;padding:.5rem 0}
caption span{position:sticky;left:0;display:inline-block;max-width:calc(100vw - 2rem)}
.long td:first-child{min-width:13rem}.map{width:100%;height:auto;border:1px solid var(--line);background:#fffdf8}
th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right}td.n{white-space:nowrap}code{overflow-wrap:anywhere}figure{margin:1rem 0}figcaption{font-weight:700}
.bar{display:block;width:100%;height:14px;margin-bottom:.5rem}
"""


def page(title: str, parts: Sequence[str]) -> str:
    """The whole page. `parts` are HTML already; make them with the functions of this module."""
    head = f"<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n<title>{escape(title)}</title>\n"
    view = '<meta name=viewport content="width=device-width,initial-scale=1">\n'
    return f"{head}{view}<style>{STYLE}</style>\n<main>\n<h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</main>\n"


def text(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def heading(words: str) -> str:
    return f"<h2>{escape(words)}</h2>"


def quotes(lines: Sequence[tuple[str, str]]) -> str:
    """People's own words, each with where it stands; in whatever direction they are written."""
    said = "".join(f"<li>{escape(words)} <small>[{escape(where)}]</small></li>" for words, where in lines)
    return f'<ul dir="auto">{said}</ul>'


def long(html: str) -> str:
    """A table whose first column holds sentences: on a phone it stays wide enough to read, and the rest scrolls."""
    return f"<div class=long>{html}</div>"


def code(words: str, value: str) -> str:
    return f"<p>{escape(words)}<br><code>{escape(value)}</code></p>"


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[object]], *, numbers: Sequence[int] = ()
) -> str:
    """A table; `numbers` are the places of columns that hold figures."""

    def cell(tag: str, at: int, value: object) -> str:
        kind = ' class="n"' if at in numbers else ""
        return f"<{tag}{' scope=col' if tag == 'th' else ''}{kind}>{escape(str(value))}</{tag}>"

    head = "".join(cell("th", at, name) for at, name in enumerate(columns))
    body = "\n".join("<tr>" + "".join(cell("td", at, value) for at, value in enumerate(row)) + "</tr>" for row in rows)
    return (
        f'<div class=wide tabindex=0 role=region aria-label="{escape(caption)}">'
        f"<table><caption><span>{escape(caption)}</span></caption><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table></div>"
    )


def bars(caption: str, rows: Sequence[tuple[str, int, int]]) -> str:
    """Two-part bars (name, first part, second part), drawn to one scale. Put the figures in a table beside it."""
    most = max((first + second for _, first, second in rows), default=0) or 1
    out = []
    for name, first, second in rows:
        one, two = 1000 * first // most, 1000 * second // most
        out.append(
            f"<div>{escape(name[:60])}</div>"
            '<svg class=bar viewBox="0 0 1000 10" preserveAspectRatio=none aria-hidden=true focusable=false>'
            f'<rect x="0" y="0" width="{one}" height="10" fill="currentColor" opacity=".45"/>'
            f'<rect x="{one}" y="0" width="{two}" height="10" fill="var(--strong)"/></svg>'
        )
    return f"<figure><figcaption>{escape(caption)}</figcaption>{''.join(out)}</figure>"


def pounds(pence: int) -> str:
    """Money as people read it: £39,000.00."""
    return f"{'-' if pence < 0 else ''}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"
