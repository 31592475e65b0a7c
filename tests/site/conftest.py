"""The course as a site, built once, and what its pages hold."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright

PROJECT = Path(__file__).parents[2]


@dataclass
class Element:
    tag: str
    attributes: dict[str, str | None]
    inside: tuple[str, ...]


@dataclass
class Page(HTMLParser):
    """A page's elements, each with the tags that it is inside of."""

    path: Path
    elements: list[Element] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self.feed(self.path.read_text("utf-8"))

    def handle_starttag(self, tag, attrs):
        self.elements.append(Element(tag, dict(attrs), tuple(self._open)))
        if tag not in ("br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data):
        if self._open and self._open[-1] == "style":
            self.styles.append(data)

    def all(self, *tags: str) -> Iterator[Element]:
        return (each for each in self.elements if each.tag in tags)

    def anchors(self) -> set[str]:
        values = (each.attributes.get(name) for each in self.elements for name in ("id", "name"))
        return {value for value in values if value}


@dataclass(frozen=True)
class Site:
    folder: Path
    built: subprocess.CompletedProcess[str]
    pages: dict[Path, Page]

    def address(self, name: str) -> str:
        return (self.folder / name).as_uri()


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    folder = tmp_path_factory.mktemp("course") / "site"
    built = subprocess.run(
        [PROJECT / "setup/site.sh", folder], capture_output=True, text=True, check=False
    )
    return Site(folder, built, {path: Page(path) for path in sorted(folder.rglob("*.html"))})


@pytest.fixture(scope="session")
def slides(tmp_path_factory) -> Path:
    """The folder with every chapter's slides."""
    folder = tmp_path_factory.mktemp("slides")
    subprocess.run(
        [sys.executable, PROJECT / "setup/slides.py", "--into", folder],
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = shutil.which("chromium")
    opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    yield opened
    opened.close()
