"""What every chapter and every lab keeps to. Each function returns what is amiss, in sentences.

A chapter is a question, short code, and a reading of the result; so that people read it, it has
limits. What the machine that ran it was called, or where it keeps its files, is nobody's business.
"""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from syllabus.markdown import headings
from syllabus.navigation import is_navigation

MOST_CELLS = 45
LONGEST_CELL_LINES = 15
LARGEST_BYTES = 700_000
EXERCISES = 3
EXERCISES_TITLE = "Now you"
# What starts something that goes on until it is stopped, as it is written.
STARTS = {"Lab.start", "Machine.start", "work.start_lab", "RecordedLab.open"}
STARTS_OF_SHEETS = {"work.start_lab", "work.prepare", "checks.begin"}
FOLDED = re.compile(
    r"<details><summary>Answers</summary>\n\n(?P<answers>.*)\n\n</details>\s*\Z", re.DOTALL
)
NUMBERED = re.compile(r"^(\d+)\. \S", re.MULTILINE)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def imports_amiss(notebook: NotebookNode) -> list[str]:
    """Check that the second cell imports, does nothing else, and that no other does."""
    second = notebook.cells[1] if len(notebook.cells) > 1 else None
    amiss = []
    if second is None or second.cell_type != "code":
        amiss.append("The second cell is not the import cell.")
    elif not all(_is_import(each) for each in ast.parse(second.source).body):
        amiss.append("The import cell does something else, too.")
    return amiss + [
        f"{cell.id} imports; all imports belong in the second cell."
        for cell in code_cells(notebook)
        if cell is not second and any(map(_is_import, ast.walk(ast.parse(cell.source))))
    ]


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def size_amiss(
    notebook: NotebookNode, *, most_cells: int = MOST_CELLS, largest_bytes: int = LARGEST_BYTES
) -> list[str]:
    """Check the number of cells, the length of each cell's code, and the size of it all."""
    amiss = []
    if len(notebook.cells) > most_cells:
        amiss.append(f"{len(notebook.cells)} cells; at most {most_cells} are read.")
    for cell in code_cells(notebook):
        lines = len(cell.source.splitlines())
        if lines > LONGEST_CELL_LINES:
            amiss.append(f"{cell.id} has {lines} lines; what takes more is voiplab's.")
    if (size := len(json.dumps(notebook, ensure_ascii=False).encode())) > largest_bytes:
        amiss.append(f"{size:,} bytes; at most {largest_bytes:,} are loaded in a moment.")
    return amiss


def running_amiss(notebook: NotebookNode) -> list[str]:
    """Check that each code cell was really run, once, in the order of the page, to its end."""
    counts = [cell.execution_count for cell in code_cells(notebook)]
    amiss = []
    if counts != list(range(1, len(counts) + 1)):
        amiss.append(f"Not every code cell was run, in its order: {counts}.")
    return amiss + [
        f"{cell.id} failed when it was run: {output.ename}."
        for cell in code_cells(notebook)
        for output in cell.outputs
        if output.output_type == "error"
    ]


def leftovers_amiss(notebook: NotebookNode, machine: tuple[str, ...] = ()) -> list[str]:
    """Check that no widget state, no times and no folder of a machine were saved.

    Args:
        notebook: the notebook.
        machine: texts that would tell which machine it was.
    """
    text = json.dumps(notebook, ensure_ascii=False)
    amiss = []
    if "widgets" in notebook.metadata or "vnd.jupyter.widget" in text:
        amiss.append("It holds widget state, which is a page's error without its model.")
    if any("execution" in cell.metadata for cell in notebook.cells):
        amiss.append("It holds the times at which cells were run.")
    return amiss + [f"It says {each!r}, of a machine." for each in machine if each in text]


def prose_amiss(notebook: NotebookNode, *, is_lab: bool) -> list[str]:
    """Check that prose surrounds the code: a chapter asks, shows, and reads what it shows."""
    texts = sum(cell.cell_type == "markdown" for cell in notebook.cells)
    codes = len(code_cells(notebook))
    # A lab has two or three code cells a task: what is given, the student's lines, the check.
    least = codes // 2 if is_lab else codes - 1
    return [] if texts >= least else [f"{codes} cells of code, and {texts} of prose."]


def stopping_amiss(notebook: NotebookNode) -> list[str]:
    """Check that what a cell starts, and leaves running, a later one stops."""
    started: dict[str, str] = {}
    stopped: set[str] = set()
    amiss = []
    for cell in code_cells(notebook):
        tree = ast.parse(cell.source)
        stopped |= {call for call in _calls(tree) if call.endswith((".stop", ".stop_lab"))}
        for statement in tree.body:
            if not _starts(statement):
                continue
            name = _assigned(statement)
            if name is None:
                amiss.append(f"{cell.id} starts something that has no name to stop it by.")
            else:
                started[name] = cell.id
        if STARTS_OF_SHEETS & set(_calls(tree)):
            started.setdefault("work", cell.id)
    if "work.stop_lab" in stopped:
        started = {name: cell for name, cell in started.items() if name not in {"work", "lab"}}
    return amiss + [
        f"{cell} starts {name}, which no cell stops."
        for name, cell in started.items()
        if f"{name}.stop" not in stopped
    ]


def _starts(statement: ast.stmt) -> bool:
    """Tell whether a statement at the top of a cell starts something that goes on."""
    if isinstance(statement, ast.FunctionDef | ast.With):
        return False
    said = {ast.unparse(node) for node in ast.walk(statement) if isinstance(node, ast.Attribute)}
    return bool(STARTS & said)


def _assigned(statement: ast.stmt) -> str | None:
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return None


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def exercises_amiss(notebook: NotebookNode) -> list[str]:
    """Check that it ends with three exercises, whose answers are folded away."""
    texts = [cell.source for cell in notebook.cells if not is_navigation(cell)]
    last = texts[-1] if texts else ""
    titles = [heading.text for heading in headings(last)]
    if not titles or titles[-1] != EXERCISES_TITLE:
        return [f"Its last section is not called {EXERCISES_TITLE}."]
    asked, _, _ = last.partition(f"# {EXERCISES_TITLE}")[2].partition("<details>")
    folded = FOLDED.search(last)
    wanted = [str(number + 1) for number in range(EXERCISES)]
    amiss = []
    if NUMBERED.findall(asked) != wanted:
        amiss.append(f"There are not {EXERCISES} exercises, numbered.")
    if folded is None:
        amiss.append("The answers are not folded away at its end.")
    elif NUMBERED.findall(folded["answers"]) != wanted:
        amiss.append(f"There are not {EXERCISES} answers, numbered.")
    return amiss


def engine_amiss(notebook: NotebookNode, engine: str) -> list[str]:
    """Check that a chapter needs an engine as much as it says.

    Args:
        notebook: the chapter.
        engine: what its facts say.
    """
    source = "\n".join(cell.source for cell in code_cells(notebook))
    calls = set(_calls(ast.parse(source)))
    if "live_or_recorded" in calls:
        used = "or recordings"
    elif calls & {"Lab", "Lab.start", "Machine", "Machine.start", "test_plan", "try_files"}:
        used = "needed"
    else:
        used = "no"
    return [] if used == engine else [f"It says of an engine {engine!r}, and uses it: {used!r}."]


def machine_texts(root: Path) -> tuple[str, ...]:
    """Return what would tell which machine a notebook was run on."""
    return (str(root), f"{Path.home()}/")
