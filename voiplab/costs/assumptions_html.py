"""The table of assumptions as a page shows it."""

from collections.abc import Collection, Mapping
from html import escape
from typing import Final

from voiplab.costs.assumption import Assumption

_HEAD: Final = ("item", "low", "likely", "high", "unit", "dated", "basis", "source", "what it is")


def assumptions_html(assumptions: Collection[Assumption], links: Mapping[str, str]) -> str:
    """Return a table that unfolds, with each source linked.

    It does without styles: JupyterLab strips them from notebooks that it doesn't trust yet.

    Args:
        assumptions: what the rows tell.
        links: the address of a source, by its key.
    """
    head = "".join(f'<th scope="col">{name}</th>' for name in _HEAD)
    rows = "".join(_row(each, links) for each in assumptions)
    prices = sum(each.is_price for each in assumptions)
    return (
        f"<details><summary>{prices} prices and {len(assumptions) - prices} quantities, "
        "each with its range and its sources (click to unfold)</summary>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details>"
    )


def _row(each: Assumption, links: Mapping[str, str]) -> str:
    figures = (f"{figure:g}" for figure in (each.low, each.likely, each.high))
    unit = f"{each.currency} {each.unit}".strip()
    sources = "<br>".join(_link(key, links) for key in each.sources)
    described = f'<div align="left">{escape(each.description)}</div>'
    texts = (*figures, escape(unit), each.dated, escape(each.basis), sources, described)
    cells = "".join(f"<td>{text}</td>" for text in texts)
    return f'<tr><th scope="row">{escape(each.item)}</th>{cells}</tr>'


def _link(key: str, links: Mapping[str, str]) -> str:
    address = links.get(key)
    return f'<a href="{escape(address)}">{escape(key)}</a>' if address else escape(key)
