"""A figure in a table, and a bar that repeats it for the eye."""

from html import escape


def bar(share: float, figure: str) -> str:
    """Return a cell's content: the figure, and a bar that is no news to a screen reader.

    Args:
        share: how much of the column the bar fills, 0 to 1.
        figure: what it stands for.

    >>> bar(0.5, "50 %")
    '50 %<span class="voiplab-bar" aria-hidden="true"><span style="width: 50.0%"></span></span>'
    """
    return (
        f'{escape(figure)}<span class="voiplab-bar" aria-hidden="true">'
        f'<span style="width: {100 * share:.1f}%"></span></span>'
    )
