"""A test plan that was carried out."""

import html
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from voiplab.errors import EvidenceError
from voiplab.evidence import Evidence
from voiplab.grading.plan.case import Case, Exhibit, Outcome
from voiplab.grading.plan.junit import junit

if TYPE_CHECKING:
    import pandas as pd

FILE = "test-plan.json"

_MARK = {Outcome.PASSED: "✓", Outcome.FAILED: "✗", Outcome.NOT_RUN: "–"}


class TestPlan(BaseModel):
    """What came of a test plan, case by case; in a notebook it shows itself as a table.

    Attributes:
        lab: the lab's name.
        security: what was encrypted in it, for example ``sdes``.
        started: when it began.
        duration_s: how long it took, in seconds.
        software: names and versions of what took part.
        cases: in the order in which they were carried out.
    """

    __test__: ClassVar[bool] = False  # pytest takes what is called Test… for a test

    model_config = ConfigDict(frozen=True)

    lab: str
    security: str
    started: AwareDatetime
    duration_s: float
    software: dict[str, str] = {}
    cases: tuple[Case, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every case was run, and passed."""
        return bool(self.cases) and all(case.passed for case in self.cases)

    def __getitem__(self, key: str) -> Case:
        """Return a case by its key, for example ``restart``."""
        for case in self.cases:
            if case.key == key:
                return case
        known = ", ".join(case.key for case in self.cases)
        raise KeyError(f"There is no case {key!r}; there are {known}.")

    @property
    def verdict(self) -> str:
        """What came of it, in a line."""
        numbers = {
            outcome: sum(case.outcome is outcome for case in self.cases) for outcome in Outcome
        }
        if self.passed:
            return f"All {len(self.cases)} cases passed"
        told = [
            f"{number} of {len(self.cases)} cases {outcome.value}"
            for outcome, number in numbers.items()
            if number and outcome is not Outcome.PASSED
        ]
        return ", ".join(told) or "No case was carried out"

    def frame(self) -> "pd.DataFrame":
        """Return a row a case: case, outcome, what was observed, seconds."""
        import pandas as pd  # noqa: PLC0415 - heavy: loaded when a table is wanted

        rows = [
            (case.name, case.outcome.value, case.summary, round(case.duration_s, 1))
            for case in self.cases
        ]
        return pd.DataFrame(rows, columns=["case", "outcome", "summary", "duration_s"])

    def as_dict(self) -> dict[str, Any]:
        """Return the plan in figures, with keys that stay."""
        return {
            "passed": self.passed,
            "verdict": self.verdict,
            "lab": self.lab,
            "security": self.security,
            "started": self.started.isoformat(),
            "duration_s": round(self.duration_s, 3),
            "software": self.software,
            "cases": [case.as_dict() for case in self.cases],
        }

    def __repr__(self) -> str:
        return f"<TestPlan of lab {self.lab}: {self.verdict}>"

    def __str__(self) -> str:
        lines = [f"{self.verdict} ({self.lab}, security {self.security})"]
        lines += [f"{_MARK[case.outcome]} {case.name}: {case.summary}" for case in self.cases]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:left; white-space:nowrap'>"
            f"{_MARK[case.outcome]} {case.outcome.value}</td>"
            f"<td style='text-align:left'>{html.escape(case.name)}</td>"
            f"<td style='text-align:left'>{html.escape(case.summary)}</td>"
            f"<td style='white-space:nowrap'>{case.duration_s:.1f} s</td></tr>"
            for case in self.cases
        )
        heads = "".join(
            f"<th style='text-align:left'>{name}</th>"
            for name in ("outcome", "case", "what came of it")
        )
        return (
            f"<p><strong>{html.escape(self.verdict)}</strong> "
            f"(security: {html.escape(self.security)})</p>"
            f"<table><thead><tr>{heads}<th>took</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )

    def html(self) -> str:
        """Return the report as one page that needs nothing but itself: figures, sounds, all."""
        from voiplab.grading.plan.page import page  # noqa: PLC0415 - loads jinja2

        return page(self)

    def junit(self) -> str:
        """Return the report as JUnit's XML."""
        return junit(self)

    def write_html(self, path: Path | str) -> Path:
        """Write the report as one HTML page.

        Args:
            path: the file.

        Returns:
            The same path.

        Raises:
            EvidenceError: when it can't be written, or the evidence can't be read.
        """
        return _write(Path(path), self.html())

    def write_junit(self, path: Path | str) -> Path:
        """Write the report as JUnit's XML.

        Args:
            path: the file.

        Returns:
            The same path.

        Raises:
            EvidenceError: when it can't be written.
        """
        return _write(Path(path), '<?xml version="1.0" encoding="UTF-8"?>\n' + self.junit())

    def save(self, folder: Path | str) -> None:
        """Keep the plan with the evidence of its calls, to be opened where there is no lab.

        Args:
            folder: where; what was there before goes.

        Raises:
            EvidenceError: when it can't be written.
        """
        folder = Path(folder)
        # The evidence may lie in the folder that goes.
        anew = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(anew, ignore_errors=True)
        cases = tuple(
            case.model_copy(update={"exhibits": _kept(case, anew)}) for case in self.cases
        )
        kept = self.model_copy(update={"cases": cases})
        _write(anew / FILE, kept.model_dump_json(indent=2) + "\n")
        shutil.rmtree(folder, ignore_errors=True)
        anew.rename(folder)

    @classmethod
    def open(cls, folder: Path | str) -> Self:
        """Open a plan that was saved.

        Args:
            folder: where it lies.

        Raises:
            EvidenceError: when there is none, or it is damaged.
        """
        path = Path(folder) / FILE
        try:
            plan = cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise EvidenceError(
                f"{path} can't be read: {error.strerror}. Name a folder in which TestPlan.save "
                "has left a plan."
            ) from error
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "its beginning"
            raise EvidenceError(f"{path} is damaged at {where}: {first['msg']}.") from error
        cases = tuple(
            case.model_copy(
                update={
                    "exhibits": tuple(
                        each.model_copy(update={"folder": path.parent / each.folder})
                        for each in case.exhibits
                    )
                }
            )
            for case in plan.cases
        )
        return plan.model_copy(update={"cases": cases})


def _kept(case: Case, folder: Path) -> tuple[Exhibit, ...]:
    """Copy the evidence of a case below a folder, and name it from there."""
    kept = []
    for number, exhibit in enumerate(case.exhibits, start=1):
        name = Path(f"{case.key}-{number}")
        Evidence.open(exhibit.folder).save(folder / name)
        kept.append(exhibit.model_copy(update={"folder": name}))
    return tuple(kept)


def _write(path: Path, content: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    except OSError as error:
        raise EvidenceError(
            f"{path} can't be written: {error.strerror}. Make room there, or choose another place."
        ) from error
    return path
