"""Slides as a page of HTML that needs nothing else: reveal.js, style and sounds are in it."""

from pathlib import Path

import nbformat
from nbconvert import SlidesExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from traitlets.config import Config

from lecture.deck import Slide
from lecture.prose import without_hrefs, without_links

RESULT = "result"
SLIDES = Path(__file__).parents[2] / "slides"


def page_of(slides: list[Slide], *, beside: Path) -> str:
    """Return slides as HTML.

    Args:
        slides: what is shown.
        beside: the folder that the chapter's pictures are seen from.
    """
    exporter = SlidesExporter(
        extra_template_basedirs=[str(SLIDES / "template")],
        template_name="lecture",
        embed_images=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        config=Config(TagRemovePreprocessor={"enabled": True, "remove_input_tags": {RESULT}}),
    )
    resources = {
        "metadata": {"path": str(beside)},
        "lecture": {
            "style": (SLIDES / "static/lecture.css").read_text("utf-8"),
            "script": (SLIDES / "static/lecture.js").read_text("utf-8"),
            "licences": (SLIDES / "static/licences.txt").read_text("utf-8"),
        },
    }
    return str(exporter.from_notebook_node(notebook_of(slides), resources)[0])


def notebook_of(slides: list[Slide]) -> NotebookNode:
    """Return slides as a notebook whose cells tell nbconvert which slide they are on."""
    cells = [cell for slide in slides for cell in _cells(slide)]
    return new_notebook(cells=cells, metadata={"title": slides[0].title})


def _cells(slide: Slide) -> list[NotebookNode]:
    said = "\n\n".join(slide.text)
    heading = f"{'#' * slide.level} {slide.title}\n\n{said}"
    cells = [_markdown(heading, "subslide" if slide.level > 2 else "slide")]  # noqa: PLR2004 - as Markdown's
    if slide.source or slide.outputs:
        outputs = [_alone(output) for output in slide.outputs]
        tags = [] if slide.source else [RESULT]
        cells.append(new_code_cell(slide.source, outputs=outputs, metadata={"tags": tags}))
    if slide.reading:
        cells.append(_markdown(slide.reading, "fragment"))
    cells.append(_markdown("\n\n".join(slide.notes), "notes"))
    return cells


def _alone(output: NotebookNode) -> NotebookNode:
    """Return an output without links to other notebooks: slides are a file of their own."""
    output = nbformat.from_dict(output)
    data = output.get("data", {})
    for kind, strip in (("text/html", without_hrefs), ("text/markdown", without_links)):
        if kind in data:
            data[kind] = strip(data[kind])
    return output


def _markdown(text: str, kind: str) -> NotebookNode:
    metadata = {"slideshow": {"slide_type": kind}}
    return new_markdown_cell(without_links(text), metadata=metadata)
