"""Every link inside the project leads somewhere, in JupyterLab and on a site alike."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from syllabus.links import dead_links

PROJECT = Path(__file__).parents[2]
PATTERNS = (
    "notebooks/*.ipynb",
    "labs/*/*.ipynb",
    "README.md",
    "labs/README.md",
    "notebooks/README.md",
    "docker/*/README.md",
)
PAGES = sorted({path for pattern in PATTERNS for path in PROJECT.glob(pattern)})


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_no_link_is_dead(page):
    assert dead_links(page) == []


def test_there_are_pages_of_each_kind():
    names = {str(path.relative_to(PROJECT)) for path in PAGES}
    assert {
        "notebooks/index.ipynb",
        "labs/06-hear-the-network/lab.ipynb",
        "README.md",
        "docker/asterisk/README.md",
    } <= names


@pytest.fixture
def folder(tmp_path):
    cells = [
        new_markdown_cell("# Sources\n\n### itu-g114\n\nText\n\n## Two Words"),
        new_code_cell("# no-heading"),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "sources.ipynb")
    (tmp_path / "README.md").write_text("# VoIP Lab\n\n## macOS, Windows\n")
    (tmp_path / "picture.png").touch()
    return tmp_path


def told_of(folder, text, name="chapter.ipynb"):
    if name.endswith(".md"):
        (folder / name).write_text(text)
    else:
        nbformat.write(new_notebook(cells=[new_markdown_cell(text)]), folder / name)
    return dead_links(folder / name)


@pytest.mark.parametrize(
    "text",
    [
        "[G.114](sources.ipynb#itu-g114)",
        "![A picture](picture.png)",
        '<img src="picture.png" alt="A picture">',
        "[systems](README.md#macos-windows)",
        "# Here\n\n## below\n\n[below](#below)",
        "[the web](https://example.org/a_(b)) and <https://example.org>",
        "`[no link](nowhere.md)`",
    ],
)
def test_a_link_that_leads_somewhere_is_fine(folder, text):
    assert told_of(folder, text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[gone](gone.ipynb)", "'gone.ipynb' leads to no file"),
        ("![gone](gone.png)", "'gone.png' leads to no file"),
        ('<a href="gone.html">gone</a>', "'gone.html' leads to no file"),
        ("[G.1](sources.ipynb#itu-g1)", "'sources.ipynb#itu-g1' leads to no heading"),
        ("[code](sources.ipynb#no-heading)", "leads to no heading of sources.ipynb"),
        ("[below](#below)", "'#below' leads to no heading of chapter.ipynb"),
        ("[a picture](picture.png#part)", "leads into a file that has no headings"),
        ("[address](https://)", "is no address"),
        ("[file](ftp://example.org/file)", "is no address"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(folder, text, told):
    [found] = told_of(folder, text)
    assert told in found


def test_an_anchor_that_jupyterlab_or_the_site_would_call_otherwise_is_found(folder):
    # JupyterLab keeps capitals, the site doesn't: no anchor is right in both.
    assert told_of(folder, "[two](sources.ipynb#Two-Words)") != []
    assert told_of(folder, "[two](sources.ipynb#two-words)") != []


def test_links_of_a_readme_are_looked_at_too(folder):
    assert told_of(folder, "[gone](docs/gone.md)", name="OTHER.md") == [
        "'docs/gone.md' leads to no file"
    ]
