"""The rules for tests that need a container engine (`pytest.mark.engine`)."""

import functools
import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from voiplab.containers import Engine, Owner, labs
from voiplab.errors import EngineError

# How long an example takes is the machine's affair: benchmarks measure time, tests don't.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@functools.cache
def why_no_engine() -> str | None:
    try:
        Engine.connect().close()
    except EngineError as error:
        return str(error)
    return None


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose engine is missing; with VOIPLAB_ENGINE_REQUIRED (make test), fail it."""
    if item.get_closest_marker("engine") is None:
        return
    reason = why_no_engine()
    if reason is None:
        return
    if os.environ.get("VOIPLAB_ENGINE_REQUIRED"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def lab_names(*, ours: bool) -> set[str]:
    """The labs that belong to this process, or (not `ours`) to processes that have ended."""
    engine = Engine.connect()
    found = labs(engine)
    engine.close()
    me = Owner.this_process()
    return {lab.name for lab in found if (me in lab.owners if ours else lab.orphaned)}


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the run that leaves a lab on the engine, its own or of a process that it started."""
    needs_engine = any(item.get_closest_marker("engine") for item in request.session.items)
    if not needs_engine or why_no_engine() is not None:
        yield
        return
    before = lab_names(ours=False)
    yield
    left = lab_names(ours=True) | (lab_names(ours=False) - before)
    assert not left, f"Labs that the tests left behind: {', '.join(sorted(left))}"
