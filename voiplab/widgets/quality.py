"""The panel of the quality of calls: live, and afterwards from their evidence."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from voiplab.evidence import Evidence, QualitySecond
from voiplab.evidence.quality_second import quality_seconds
from voiplab.lab import Lab
from voiplab.widgets.kernel import on_kernel
from voiplab.widgets.panel import Panel
from voiplab.widgets.quality_chart import Point, QualityChart, point
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from voiplab.lab.monitor import Hearing, Listener, News

_LOOK_FOR_EVIDENCE_S = 2.0


class QualityPanel(Panel):
    """Loss, jitter and R/MOS of the calls in progress, each direction second by second.

    When a call of this process has ended, its chart is drawn again from its evidence, and stays.

    Args:
        subscribe: calls what it is given with the news of each round, as `Monitor.subscribe`, and
            returns a function that ends that.
        seconds: returns all seconds of a direction so far, as `Monitor.seconds`.
        evidence: returns the evidence of a call by its id once there is all of it, else None.
    """

    def __init__(
        self,
        *,
        subscribe: "Callable[[Listener], Callable[[], None]]" = lambda _listener: lambda: None,
        seconds: Callable[[str], Iterable[QualitySecond]] = lambda _key: (),
        evidence: Callable[[str], Evidence | None] = lambda _call: None,
    ) -> None:
        self._seconds = seconds
        self._evidence = evidence
        self._rows: dict[str, dict[str, Any]] = {}
        self._kept: dict[str, list[Point]] = {}
        self._wanted: dict[str, str] = {}
        self._news: deque[News] = deque(maxlen=1000)
        self._coming = False
        self.chart = QualityChart(self._history)
        self.chart.note = _("Each second by itself; a row shows its direction alone.")
        super().__init__(_("Quality"), [self.chart])
        self._unsubscribe = subscribe(self._hear)
        self.every(_LOOK_FOR_EVIDENCE_S, self._read_evidence, self._show_evidence)

    # Live

    def _hear(self, news: "News") -> None:
        """Take news on the monitor's loop; however busy the kernel is, they are shown in one go."""
        self._news.append(news)
        if not self._coming:
            self._coming = True
            on_kernel(self._show_news)

    def _show_news(self) -> None:
        self._coming = False
        rows: dict[str, dict[str, Any]] = {}
        seconds: dict[str, dict[int, Point]] = {}
        while self._news:
            news = self._news.popleft()
            for hearing in news.hearings:
                if hearing.key not in self._rows:
                    self._make_room(hearing)
                    found = self._seconds(hearing.key)
                    seconds[hearing.key] = {each.time_s: point(each) for each in found}
                rows[hearing.key] = self._rows[hearing.key] = _row(hearing)
                if hearing.ended and hearing.call:
                    self._wanted[hearing.key] = hearing.call
            for key, fresh in news.seconds.items():
                seconds.setdefault(key, {}).update({each.time_s: point(each) for each in fresh})
        if rows:
            self.chart.tell(rows.values(), {key: each.values() for key, each in seconds.items()})

    def _make_room(self, newcomer: "Hearing") -> None:
        """Take ended calls from the chart when a new one begins."""
        gone = [
            key
            for key, row in self._rows.items()
            if row["ended"] and row["call"] not in {newcomer.call, ""}
        ]
        if not gone:
            return
        for key in gone:
            del self._rows[key]
            self._kept.pop(key, None)
            self._wanted.pop(key, None)
        self.chart.tell(*self._history(), replace=True)

    def _history(self) -> tuple[list[dict[str, Any]], dict[str, list[Point]]]:
        return list(self._rows.values()), {
            key: self._kept.get(key) or [point(each) for each in self._seconds(key)]
            for key in self._rows
        }

    # Afterwards

    def _read_evidence(self) -> dict[str, dict[str, list[Point]]]:
        found = {}
        for call in set(self._wanted.values()):
            evidence = self._evidence(call)
            if evidence is not None:
                found[call] = _points(evidence)
        return found

    def _show_evidence(self, found: Mapping[str, Mapping[str, list[Point]]]) -> None:
        rows, seconds = [], {}
        for key, call in list(self._wanted.items()):
            points = found.get(call, {}).get(self._rows[key]["label"])
            if points is None:
                continue
            del self._wanted[key]
            self._kept[key] = seconds[key] = points
            self._rows[key] = self._rows[key] | _totals(points) | {"state": _("from evidence")}
            rows.append(self._rows[key])
        if rows:
            self.chart.tell(rows, seconds)

    def show(self, evidence: Evidence) -> None:
        """Draw a call of which there is only the evidence, in place of all else.

        Args:
            evidence: of the call.
        """
        self._wanted.clear()
        self._kept = dict(_points(evidence))
        self._rows = {
            label: _blank(label) | _totals(points) | {"state": _("from evidence")}
            for label, points in self._kept.items()
        }
        self.chart.tell(*self._history(), replace=True)
        self.say(
            _("This is the evidence in {folder}.").format(folder=evidence.folder.name),
            python=f"quality_timeline(Evidence.open({str(evidence.folder)!r}))",
        )

    def close(self) -> None:
        """End listening, and take the panel from the page."""
        self._unsubscribe()
        super().close()


def _points(evidence: Evidence) -> dict[str, list[Point]]:
    return {
        label: [point(each) for each in found] for label, found in quality_seconds(evidence).items()
    }


def _blank(label: str) -> dict[str, Any]:
    return {"key": label, "label": label, "call": "", "ended": True, "reason": ""}


def _totals(points: Iterable[Point]) -> dict[str, int]:
    points = list(points)
    return {"packets": sum(each[1] for each in points), "lost": sum(each[2] for each in points)}


def _row(hearing: "Hearing") -> dict[str, Any]:
    rating = hearing.latest.rating if hearing.latest else None
    return {
        "key": hearing.key,
        "label": hearing.label,
        "call": hearing.call,
        "ended": hearing.ended,
        "state": _("ended") if hearing.ended else _("in progress"),
        "packets": hearing.packets,
        "lost": hearing.lost,
        "reason": (rating.reason or "") if rating else "",
    }


def quality_panel(lab: Lab) -> QualityPanel:
    """Show the quality of a lab's calls in progress, and of the last ones.

    Args:
        lab: one that runs.

    Raises:
        LabStopped: when the lab does not run.
    """
    monitor = lab.monitor()

    def evidence(call: str) -> Evidence | None:
        made = monitor.made_by(call)
        return made.evidence if made is not None and made.kept else None

    return QualityPanel(subscribe=monitor.subscribe, seconds=monitor.seconds, evidence=evidence)
