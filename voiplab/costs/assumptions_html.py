"""The table of assumptions as a page shows it."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

from voiplab.costs.assumption import Assumption

_HEAD: Final = ("item", "low", "likely", "high", "unit", "dated", "basis", "source", "what it is")
_STYLE: Final = """\
<style>
.voiplab-assumptions { max-height: 26em; overflow: auto; border: 1px solid #ccc }
.voiplab-assumptions :is(th, td) { text-align: left; vertical-align: top }
.voiplab-assumptions td.figure { text-align: right }
.voiplab-assumptions thead th { position: sticky; top: 0; background: Canvas }
</style>"""


def assumptions_html(assumptions: Iterable[Assumption], links: Mapping[str, str]) -> str:
    """Return a table in a box of its own, with each source linked.

    Args:
        assumptions: what the rows tell.
        links: the address of a source, by its key.
    """
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    rows = "".join(_row(each, links) for each in assumptions)
    return (
        f'{_STYLE}<div class="voiplab-assumptions" tabindex="0" role="region" '
        'aria-label="assumptions">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(each: Assumption, links: Mapping[str, str]) -> str:
    figures = "".join(
        f'<td class="figure">{figure:g}</td>' for figure in (each.low, each.likely, each.high)
    )
    unit = f"{each.currency} {each.unit}".strip()
    sources = "<br>".join(_link(key, links) for key in each.sources)
    texts = (escape(unit), each.dated, escape(each.basis), sources, escape(each.description))
    cells = "".join(f"<td>{text}</td>" for text in texts)
    item = f'<th scope="row">{escape(each.item)}</th>'
    return f"<tr>{item}{figures}{cells}</tr>"


def _link(key: str, links: Mapping[str, str]) -> str:
    address = links.get(key)
    return f'<a href="{escape(address)}">{escape(key)}</a>' if address else escape(key)
