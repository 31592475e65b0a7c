"""What every test on a real engine needs: the engine itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from voiplab import Lab
from voiplab.containers import Engine


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that answers."""
    connected = Engine.connect()
    yield connected
    connected.close()


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for evidence that goes with the test run."""
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def lab(engine: Engine, runs: Path) -> Iterator[Lab]:
    """One lab for the whole run, with users 2001 and 2002; a test leaves it as it found it."""
    with Lab(users={"2001": "Front desk", "2002": "Office"}, runs=runs, engine=engine) as shared:
        yield shared
