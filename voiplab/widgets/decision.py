"""The panel in which one says what is important, and sees who wins and how robust that is."""

from html import escape
from typing import TYPE_CHECKING, Final

import ipywidgets

from voiplab.errors import DecisionError
from voiplab.widgets.bar import bar
from voiplab.widgets.debounce import Debounce
from voiplab.widgets.field import Field
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import written
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voiplab.decision import Matrix, Verdict, Weights

MOST_POINTS: Final = 10
_USUAL_POINTS: Final = 5.0
_WEIGH_AFTER_S: Final = 0.15
_OWN: Final = ""


class DecisionPanel(Panel):
    """A decision matrix whose weights are sliders.

    Args:
        matrix: the scores.
        profiles: weights to begin with, by whose they are; the first is chosen. Without any, all
            criteria count the same.

    Attributes:
        points: a slider a criterion.
        profile: the choice among `profiles`.
        verdict: what came of the weights, or None while no criterion counts.

    >>> from voiplab.decision import Matrix
    >>> matrix = Matrix.of({"own": {"price": 9, "work": 2}, "hosted": {"price": 4, "work": 9}})
    >>> panel = DecisionPanel(matrix)
    >>> panel.verdict.ranking.winner
    'hosted'
    >>> panel.points["work"].value = 1
    >>> panel.weigh()
    >>> panel.verdict.ranking.winner
    'own'
    >>> panel.close()
    """

    def __init__(self, matrix: "Matrix", profiles: "Mapping[str, Weights] | None" = None) -> None:
        self._matrix = matrix
        self._profiles = dict(profiles or {})
        self._quiet = False
        self._settling = Debounce(self.weigh, after_s=_WEIGH_AFTER_S)
        self.verdict: Verdict | None = None
        self.profile = Field(
            _("For whom"),
            kind="choice",
            value=next(iter(self._profiles), _OWN),
            options=[(_OWN, _("(the sliders below)")), *((each, each) for each in self._profiles)],
        )
        self.points = {
            criterion: Field(
                criterion,
                kind="range",
                value=_USUAL_POINTS,
                least=0,
                most=MOST_POINTS,
                step=1,
                unit=_("points"),
            )
            for criterion in matrix.criteria
        }
        self.table = ipywidgets.HTML()
        self.table.add_class("voiplab-table")
        for field in self.points.values():
            field.observe(lambda _change: self._moved(), "value")
        self.profile.observe(lambda _change: self._chosen(), "value")
        sliders = ipywidgets.VBox([self.profile, *self.points.values()])
        columns = ipywidgets.HBox([sliders, self.table])
        columns.add_class("voiplab-columns")
        super().__init__(_("What is important to you?"), [columns])
        self._chosen()
        self.weigh()

    @property
    def weights(self) -> "Weights":
        """What the sliders say.

        Raises:
            DecisionError: when no criterion counts.
        """
        from voiplab.decision import Weights  # noqa: PLC0415 - numpy: loaded when it is weighed

        return Weights.of({name: float(field.value) for name, field in self.points.items()})

    def _moved(self) -> None:
        if self._quiet:
            return
        self._quiet = True
        try:
            self.profile.value = _OWN
        finally:
            self._quiet = False
        self._settling.ask()

    def _chosen(self) -> None:
        weights = self._profiles.get(self.profile.value)
        if self._quiet or weights is None:
            return
        most = max(weights.shares.values())
        self._quiet = True
        try:
            for name, field in self.points.items():
                field.value = round(MOST_POINTS * weights[name] / most, 6)
        finally:
            self._quiet = False
        self._settling.ask()

    def weigh(self) -> None:
        """Weigh by what the sliders say now, and show who wins."""
        from voiplab.decision import judge  # noqa: PLC0415 - as for the weights

        self._settling.forget()
        try:
            self.verdict = judge(self._matrix, self.weights)
        except DecisionError:
            self.verdict = None
            self.table.value = ""
            self.fail(DecisionError(_("Nothing counts: give at least one criterion a point.")))
            return
        self.table.value = _table(self.verdict)
        points = {name: _brief(field.value) for name, field in self.points.items()}
        self.say(str(self.verdict), python=f"print(judge(matrix, Weights.of({written(points)})))")

    def close(self) -> None:
        """Take the panel from the page, and forget what was still to be weighed."""
        self._settling.forget()
        super().close()


def _brief(points: float) -> float | int:
    return int(points) if points == int(points) else points


def _table(verdict: "Verdict") -> str:
    """The ranking; bars repeat what its figures say."""
    heads = (_("Solution"), _("Worth, of 10"), _("First near these weights"))
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    rows = "".join(
        f'<tr><th scope="row">{place}. {escape(each.alternative)}</th>'
        f"<td>{bar(each.worth / MOST_POINTS, f'{each.worth:.2f}')}</td>"
        f"<td>{bar(share, f'{100 * share:.0f} %')}</td></tr>"
        for place, each in enumerate(verdict.ranking.ranked, 1)
        for share in (verdict.near.first[each.alternative],)
    )
    caption = _("The solutions from best to worst by these weights")
    return (
        f'<table class="voiplab-bars"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
