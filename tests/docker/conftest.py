"""What every test on a real engine needs: the engine itself."""

import os
from collections.abc import Iterator

import pytest

from voiplab.containers import Engine
from voiplab.errors import EngineError


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """The engine that answers; without one the test is skipped, or fails in `make test`."""
    try:
        connected = Engine.connect()
    except EngineError as error:
        if os.environ.get("VOIPLAB_ENGINE_REQUIRED"):
            raise
        pytest.skip(str(error))
    yield connected
    connected.close()
