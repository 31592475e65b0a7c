"""What tests need: an engine (`pytest.mark.engine`), a browser; in one process or in several."""

import functools
import os
import shutil
from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import settings
from xdist.scheduler import LoadGroupScheduling

from voiplab.containers import Engine, Owner, labs
from voiplab.errors import EngineError

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

# How long an example takes is the machine's affair: benchmarks measure time, tests don't.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONGEST_FIRST = (
    "tests/docker/test_test_plan.py",
    "tests/notebooks/test_labs.py",
    "notebooks/08-call-quality.ipynb",
    "tests/docker/test_faults_in_asterisk.py",
    "notebooks",
    "tests/notebooks",
    "tests/docker",
    "tests/browser",
    "tests/site",
)


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
    if reason is not None:
        do_without(reason)


def do_without(reason: str) -> NoReturn:
    if os.environ.get("VOIPLAB_ENGINE_REQUIRED"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    """What drives browsers, of which a process can have but one."""
    from playwright.sync_api import expect, sync_playwright  # noqa: PLC0415 - few tests need it

    if shutil.which("chromium") is None:
        do_without("These tests need the command chromium: make browser.")
    # As patient as all else in a page: what takes how long is no test's business.
    expect.set_options(timeout=30_000)
    with sync_playwright() as started:
        yield started


class ByFile(LoadGroupScheduling):
    """The tests of a file, which share its fixtures, run in one process, unless marked otherwise.

    The mark `xdist_group` keeps tests of several files together, or parts those of one.
    """

    def _split_scope(self, nodeid: str) -> str:
        scope = super()._split_scope(nodeid)
        return nodeid.partition("::")[0] if scope == nodeid else scope


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFile | None:
    return ByFile(config, log) if config.option.dist == "loadgroup" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes run tests, begin with what takes long, so that none ends last."""
    if config.option.dist == "loadgroup":
        long = [config.rootpath / path for path in LONGEST_FIRST]
        items.sort(
            key=lambda item: next(
                (at for at, path in enumerate(long) if item.path.is_relative_to(path)),
                len(long),
            )
        )


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
    one_of_several = hasattr(request.config, "workerinput")
    before = set() if one_of_several else lab_names(ours=False)
    yield
    left = lab_names(ours=True)
    if not one_of_several:
        left |= lab_names(ours=False) - before
    assert not left, words_for(left)


def words_for(left: set[str]) -> str:
    return f"Labs that the tests left behind: {', '.join(sorted(left))}"


# While several processes run tests, a killed one's lab may be what another's test is about: who
# starts them looks before and after.

ORPHANS = pytest.StashKey[set[str]]()


def starts_others(config: pytest.Config) -> bool:
    return config.pluginmanager.has_plugin("dsession") and why_no_engine() is None


def pytest_sessionstart(session: pytest.Session) -> None:
    if starts_others(session.config):
        session.config.stash[ORPHANS] = lab_names(ours=False)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    if starts_others(config):
        config.stash[ORPHANS] = lab_names(ours=False) - config.stash[ORPHANS]
        if config.stash[ORPHANS]:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if left := config.stash.get(ORPHANS, set()):
        terminalreporter.section("ERROR", red=True)
        terminalreporter.line(words_for(left))
