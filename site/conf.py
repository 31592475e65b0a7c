"""The course as a site to read: Sphinx reads the notebooks where they are, and executes nothing.

Called from the project's folder: ``sphinx-build -c site . build/site``; ``make site`` does so.
"""

import json
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

PROJECT = Path(__file__).parents[1]

project = "VoIP Lab"
author = "VoIP Lab contributors"
language = "en"
extensions = ["myst_nb"]
root_doc = "notebooks/index"
include_patterns = ["notebooks/*.ipynb", "labs/*/lab.ipynb", "labs/README.md"]
# Only the folders that the patterns above speak of are walked through.
exclude_patterns = [
    *(
        each.name
        for each in PROJECT.iterdir()
        if each.is_dir() and each.name not in ("notebooks", "labs")
    ),
    "notebooks/data",
    "notebooks/runs",
    "**/.ipynb_checkpoints",
]

nb_execution_mode = "off"
nb_merge_streams = True
nb_render_markdown_format = "myst"
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = "VoIP Lab"
html_favicon = "static/icon.svg"
html_logo = "static/icon.svg"
html_static_path = ["static"]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_extra_path = ["index.html"]
html_use_index = False
html_show_sphinx = False
html_last_updated_fmt = ""
html_copy_source = True
html_sourcelink_suffix = ""
html_context = {"default_mode": "auto"}
html_theme_options = {
    "home_page_in_toc": True,
    "show_navbar_depth": 1,
    "show_toc_level": 2,
    "use_fullscreen_button": False,
    "navbar_persistent": [],
    "logo": {"text": "VoIP Lab", "alt_text": ""},
    "toc_title": "On this page",
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


LINK = re.compile(r"""(?P<before>\bhref=["'])(?P<page>(?!\w+:)[^"'#]+)\.ipynb\b""")


def chapters() -> list[str]:
    """Return the navigation's lines for the chapters, each with the number that others call it."""
    lines = []
    for path in sorted(PROJECT.glob("notebooks/[0-9S]*-*.ipynb")):
        title = json.loads(path.read_text("utf-8"))["cells"][0]["source"]
        title = "".join(title).partition("\n")[0].removeprefix("# ")
        number = path.name.partition("-")[0]
        number = str(int(number)) if number.isdecimal() else number
        lines.append(f"{number} · {title} </notebooks/{path.stem}>")
    return lines


def table_of_contents() -> dict[str, Any]:
    """Return the cell that gives the site its navigation; nothing of it is seen on the page."""
    contents = {
        "Chapters": chapters(),
        "Labs": ["/labs/*/lab"],
        "For teachers": ["Labs, for teachers and authors </labs/README>"],
        "Behind the course": ["/notebooks/sources"],
    }
    toctrees = [
        "\n".join(["```{toctree}", ":hidden:", ":glob:", f":caption: {caption}", "", *pages, "```"])
        for caption, pages in contents.items()
    ]
    return {
        "cell_type": "markdown",
        "id": "contents",
        "metadata": {},
        "source": "\n\n".join(toctrees),
    }


def words_of_pictures(cell: dict[str, Any]) -> str:
    """Return what the pictures that a cell has shown say, as their figures have put it."""
    said = [
        output.get("metadata", {}).get("image/png", {}).get("alt", "")
        for output in cell.get("outputs", ())
    ]
    return "\n".join(filter(None, said))


def lead_to_pages(outputs: list[dict[str, Any]]) -> None:
    """Have links in what cells showed lead to pages, not to notebooks; MyST does so for prose."""
    for output in outputs:
        data = output.get("data", {})
        if "text/html" in data:
            shown = "".join(data["text/html"])
            data["text/html"] = LINK.sub(r"\g<before>\g<page>.html", shown)


def prepare(app: Sphinx, name: str, source: list[str]) -> None:
    """Turn a notebook as JupyterLab shows it into one for the site.

    The site has links to what comes before and after of its own. MyST-NB takes a picture's words
    from its cell.
    """
    if app.env.doc2path(name).suffix != ".ipynb":
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        metadata = cell["metadata"]
        if "navigation" in metadata.get("tags", ()):
            metadata["tags"].append("remove-cell")
        lead_to_pages(cell.get("outputs", []))
        if words := words_of_pictures(cell):
            metadata.setdefault("mystnb", {})["image"] = {"alt": words}
    if name == root_doc:
        notebook["cells"].append(table_of_contents())
    source[0] = json.dumps(notebook)


def with_navigation(*_: object) -> list[str]:
    """Have the navigation read anew: it names chapters, whatever the page it hangs on says."""
    return [root_doc]


def setup(app: Sphinx) -> None:
    """Have each notebook prepared when it has been read."""
    app.connect("source-read", prepare)
    app.connect("env-get-outdated", with_navigation)
