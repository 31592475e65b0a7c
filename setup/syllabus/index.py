"""The course's map: index.ipynb, which holds Markdown alone."""

from collections.abc import Iterable
from pathlib import PurePosixPath

from nbformat import NotebookNode

from syllabus.course import INDEX, MARK, Course, Part
from syllabus.pages import page

ENGINE = {"needed": "needed", "or recordings": "or recordings", "no": "not needed"}


def index_of(course: Course) -> NotebookNode:
    """Return the map."""
    first = course.chapters[0]
    prose = course.outline.prose
    introduction = prose["map"].format(first=_link(first, course), minutes=first.facts.minutes)
    tables = {
        "roads": _roads(course),
        "chapters": _chapters(course),
        "labs": _labs(course),
        "survey": _survey(course),
        "planned": _planned(course),
    }
    cells = [f"{prose[name]}\n\n{each}" for name, each in tables.items() if each]
    return page([introduction, *cells, prose["figures"]], of=INDEX, kernel=first.notebook.metadata)


def _roads(course: Course) -> str:
    rows = []
    for road in course.outline.roads:
        steps = [course[name] for name in road.steps]
        minutes = sum(step.facts.minutes for step in steps)
        way = " → ".join(_link(step, course) for step in steps)
        rows.append((f"**{road.who}**", way, _hours(minutes), road.why))
    return table(("You are", "Your road", "Time", "What you have then"), rows)


def _chapters(course: Course) -> str:
    rows = [
        (
            part.mark,
            _link(part, course),
            part.facts.question,
            str(part.facts.minutes),
            ENGINE[part.facts.engine],
            _link(course[f"labs/{part.facts.lab}"], course) if part.facts.lab else "–",
        )
        for part in course.chapters
    ]
    return table(("No.", "Chapter", "The question it answers", "Minutes", "Engine", "Lab"), rows)


def _labs(course: Course) -> str:
    rows = [
        (
            _link(part, course),
            part.facts.question,
            part.facts.abilities,
            str(part.facts.minutes),
            ENGINE[part.facts.engine],
        )
        for part in course.labs
    ]
    return table(("Lab", "The question it answers", "What you practise", "Minutes", "Engine"), rows)


def _survey(course: Course) -> str:
    rows = []
    for mark, asked in course.outline.survey.items():
        if asked.answer in course.planned:
            answer = f"not there yet ({course.planned[asked.answer].title})"
            if asked.until_then:
                links = ", ".join(_link(course[name], course) for name in asked.until_then)
                answer += f"; until then, in part: {links}"
        else:
            answer = _link(course[asked.answer], course)
        rows.append((mark, asked.question, answer))
    return table(("No.", "Question", "Answered in"), rows)


def _planned(course: Course) -> str:
    rows = [
        (_kind_of(name), planned.title, planned.question)
        for name, planned in course.planned.items()
    ]
    return table(("Part", "Title", "The question it will answer"), rows)


def _kind_of(name: str) -> str:
    found = MARK.match(PurePosixPath(name).name)
    mark = found["mark"] if found else ""
    return f"Lab {mark}" if name.startswith("labs/") else f"Chapter {mark}"


def _link(part: Part, course: Course) -> str:
    return course.link(part, seen_from=course.root / "notebooks" / f"{INDEX}.ipynb")


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest:02} min" if rest else f"{hours} h"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table, or nothing when it has no rows.

    >>> print(table(("Lab", "Minutes"), [("Restart", "45")]))
    | Lab | Minutes |
    |---|---|
    | Restart | 45 |
    """
    head = tuple(head)
    lines = [head, *(tuple(row) for row in rows)]
    texts = ["| " + " | ".join(cells) + " |" for cells in lines]
    if len(texts) == 1:
        return ""
    return "\n".join([texts[0], "|" + "---|" * len(head), *texts[1:]])
