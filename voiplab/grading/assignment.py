"""A lab's tasks, as its ``checks.py`` names them."""

import difflib
import hashlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from voiplab.errors import GradingError
from voiplab.grading.task import Task

CHECKS = "checks.py"
_NAME = "ASSIGNMENT"


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """A lab's tasks, in their order.

    Attributes:
        name: the lab's folder.
        title: what it is about, in a few words.
        tasks: what there is to do.
        engine: whether it takes a container engine.
        version: which text of ``checks.py`` it was read from, in a few digits; "" for none.

    Raises:
        GradingError: when two tasks have the same name, or one has a name that no file can have.

    >>> Assignment(name="00-none", title="None", tasks=())["lost"]
    Traceback (most recent call last):
    voiplab.errors.GradingError: '00-none' has no task 'lost'; there are: none.
    """

    name: str
    title: str
    tasks: tuple[Task, ...]
    engine: bool = True
    version: str = ""

    def __post_init__(self) -> None:
        names = [task.name for task in self.tasks]
        for name in names:
            if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
                raise GradingError(
                    f"A task can't be called {name!r}: take lower-case letters, digits and hyphens."
                )
            if names.count(name) > 1:
                raise GradingError(f"{self.name} has two tasks called {name!r}: rename one.")

    def __iter__(self) -> Iterator[Task]:
        return iter(self.tasks)

    def __getitem__(self, name: str) -> Task:
        """Return the task with a name.

        Raises:
            GradingError: when there is none; the nearest one is suggested.
        """
        for task in self.tasks:
            if task.name == name:
                return task
        names = [task.name for task in self.tasks]
        near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
        meant = f" Did you mean {near[0]!r}?" if near else ""
        raise GradingError(
            f"{self.name!r} has no task {name!r}; there are: {', '.join(names) or 'none'}.{meant}"
        )

    @property
    def points(self) -> float:
        """What all tasks together are worth."""
        return sum(task.points for task in self.tasks)

    @classmethod
    def read(cls, folder: Path | str = ".") -> Self:
        """Read the tasks of a lab's folder, by running its ``checks.py``.

        Args:
            folder: the lab's folder: your own copy, never one that was handed in.

        Raises:
            GradingError: when there is no such file, or it names no tasks.
        """
        path = Path(folder).resolve() / CHECKS
        if not path.is_file():
            raise GradingError(
                f"{path.parent.name}/ has no {CHECKS}: open the notebook in its own folder, "
                "labs/NN-topic/, and leave the files beside it where they are."
            )
        # Two labs' files have the same name.
        name = f"voiplab_lab_{re.sub(r'[^a-z0-9]', '_', path.parent.name.lower())}"
        spec = importlib.util.spec_from_file_location(name, path)
        if spec is None or spec.loader is None:
            raise GradingError(f"{CHECKS} in {path.parent.name}/ can't be read by Python.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        found = getattr(module, _NAME, None)
        if not isinstance(found, cls):
            raise GradingError(f"{CHECKS} in {path.parent.name}/ defines no {_NAME}.")
        version = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        return replace(found, version=version)
