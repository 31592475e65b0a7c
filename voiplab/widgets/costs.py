"""The panel in which one moves the figures of a bill, and sees which telephones it makes cheap."""

from html import escape
from typing import TYPE_CHECKING, Final

import ipywidgets

from voiplab.widgets.bar import bar
from voiplab.widgets.debounce import Debounce
from voiplab.widgets.field import Field
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import written
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voiplab.costs import Assumptions, Design

_SIZES: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_USUAL_SIZE: Final = "50"
_BEYOND: Final = 2.0
"""How far a slider goes, of the high end of the range."""
_STEPS: Final = 60
_CASES: Final = 1000
_RECKON_AFTER_S: Final = 0.15


class CostPanel(Panel):
    """A bill whose weightiest figures are sliders; the others stay ranges.

    Args:
        assumptions: prices and quantities.
        designs: what is compared; by default traditional lines, self-hosted and hosted.

    Attributes:
        users: the choice of a size.
        figures: a slider an item.
        costs: what each design costs in the drawn cases, a user a month, by its name: the middle
            and the share of cases in which it is the cheapest.

    >>> from voiplab.costs import Assumptions
    >>> panel = CostPanel(Assumptions.read("notebooks/data/prices.csv"))
    >>> panel.users.value = "2000"
    >>> panel.reckon()
    >>> max(panel.costs, key=lambda name: panel.costs[name][1])
    'self-hosted Asterisk'
    >>> panel.close()
    """

    def __init__(
        self, assumptions: "Assumptions", designs: "Sequence[Design] | None" = None
    ) -> None:
        from voiplab.costs import Hosted, SelfHosted, TraditionalLines  # noqa: PLC0415 - numpy

        labels = {
            "minutes-outgoing": _("Minutes out, a user and day"),
            "minutes-incoming": _("Minutes in, a user and day"),
            "asterisk-operation-hours": _("Care of a server, hours a year"),
            "hosted-seat-standard": _("Hosted seat, a month"),
        }
        self._settling = Debounce(self.reckon, after_s=_RECKON_AFTER_S)
        assumptions.check(labels)
        self._assumptions = assumptions
        self._designs = designs or (TraditionalLines(), SelfHosted(), Hosted())
        self.costs: dict[str, tuple[float, float]] = {}
        sizes = [(str(users), f"{users:,}") for users in _SIZES]
        self.users = Field(_("Users"), kind="choice", value=_USUAL_SIZE, options=sizes)
        self.figures = {item: _slider(assumptions, item, label) for item, label in labels.items()}
        self.table = ipywidgets.HTML()
        self.table.add_class("voiplab-table")
        for field in (self.users, *self.figures.values()):
            field.observe(lambda _change: self._settling.ask(), "value")
        columns = ipywidgets.HBox(
            [ipywidgets.VBox([self.users, *self.figures.values()]), self.table]
        )
        columns.add_class("voiplab-columns")
        super().__init__(_("What is your office like?"), [columns])
        self.reckon()

    def reckon(self) -> None:
        """Work out the bills by what the sliders say now, and show them."""
        import numpy as np  # noqa: PLC0415 - heavy: loaded when it is reckoned

        from voiplab.costs import Office, cost_of  # noqa: PLC0415 - likewise

        self._settling.forget()
        users = int(self.users.value)
        moved = {item: float(field.value) for item, field in self.figures.items()}
        drawn = self._assumptions.fixed(moved).draw(_CASES, seed=1)
        bills = np.array(
            [cost_of(each, Office(users=users), drawn).per_user_month for each in self._designs]
        )
        cheapest = bills.argmin(axis=0)
        self.costs = {
            each.name: (float(np.median(bills[place])), float(np.mean(cheapest == place)))
            for place, each in enumerate(self._designs)
        }
        self.table.value = _table(self.costs, self._assumptions.currency)
        best = max(self.costs, key=lambda name: self.costs[name][1])
        self.say(
            _("{design} is the cheapest in {share:.0f} % of the cases.").format(
                design=f"{best[:1].upper()}{best[1:]}", share=100 * self.costs[best][1]
            ),
            python=f"prices.fixed({written(moved)}).draw({_CASES}, seed=1)",
        )

    def close(self) -> None:
        """Take the panel from the page, and forget what was still to be reckoned."""
        self._settling.forget()
        super().close()


def _slider(assumptions: "Assumptions", item: str, label: str) -> Field:
    each = assumptions[item]
    most = _BEYOND * each.high
    step = float(f"{most / _STEPS:.0e}")  # a round one
    return Field(
        label, kind="range", value=each.likely, least=0, most=most, step=step,
        unit=each.currency if each.is_price else "",
    )  # fmt: skip


def _table(costs: dict[str, tuple[float, float]], currency: str) -> str:
    """The designs from cheap to dear; bars repeat what the figures say."""
    heads = (
        _("Telephones"),
        _("{currency} a user a month").format(currency=currency),
        _("Cheapest in"),
    )
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    dearest = max(cost for cost, _share in costs.values()) or 1.0
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        f"<td>{bar(cost / dearest, f'{cost:.2f}')}</td>"
        f"<td>{bar(share, f'{100 * share:.0f} %')}</td></tr>"
        for name, (cost, share) in sorted(costs.items(), key=lambda each: each[1][0])
    )
    caption = _("What each costs in the middle of the cases, and how often it is the cheapest")
    return (
        f'<table class="voiplab-bars"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )
