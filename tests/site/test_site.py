import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

PROJECT = Path(__file__).parents[2]
LOADED = {"audio": "src", "iframe": "src", "img": "src", "script": "src", "source": "src"}
# Of these a browser loads what they point at.
LOADED_LINKS = {"icon", "stylesheet", "preload", "modulepreload", "shortcut icon"}


def written(notebook):
    return notebook.relative_to(PROJECT).with_suffix(".html")


def shown(page):
    return f"{page.path.parent.name}/{page.path.name}"


def loads(page):
    for element in page.all(*LOADED):
        yield element.attributes.get(LOADED[element.tag]) or ""
    for element in page.all("link"):
        if element.attributes["rel"] in LOADED_LINKS:
            yield element.attributes["href"]
    for style in [*page.styles, *(each.attributes.get("style") or "" for each in page.elements)]:
        yield from re.findall(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)", style)


def is_outside(address):
    return urlsplit("".join(address)).scheme in ("http", "https") or "".join(address)[:2] == "//"


def test_it_is_built_without_a_warning(site):
    assert (site.built.returncode, site.built.stderr) == (0, "")


def test_every_chapter_and_lab_has_a_page_and_no_solution_has(site):
    students = [*PROJECT.glob("notebooks/*.ipynb"), *PROJECT.glob("labs/*/lab.ipynb")]
    pages = {path.relative_to(site.folder) for path in site.pages}
    assert len(students) > 10
    assert {written(notebook) for notebook in students} <= pages
    assert [str(page) for page in pages if page.stem == "solution"] == []


def test_what_cells_showed_is_on_the_page(site):
    page = site.pages[site.folder / "notebooks/01-how-voip-works.html"]
    text = page.path.read_text("utf-8")
    assert len([each for each in page.all("img") if "article" in each.inside]) >= 5
    assert text.count("data:audio/wav;base64,") >= 2
    assert "vl-ladder" in text
    assert "Previous: [" not in text


def test_every_link_leads_somewhere(site):
    dead = []
    for page in site.pages.values():
        for link in page.all("a"):
            address = urlsplit(link.attributes.get("href") or "")
            if address.scheme or address.netloc:
                continue
            target = page.path
            if address.path:
                target = (page.path.parent / unquote(address.path)).resolve()
            if not target.is_file():
                dead.append(f"{shown(page)}: {address.geturl()}")
            elif address.fragment and target.suffix == ".html":
                anchors = site.pages[target].anchors()
                # A page's top needs no anchor.
                if unquote(address.fragment) not in anchors:
                    dead.append(f"{shown(page)}: {address.geturl()}")
    assert dead == []


def test_nothing_is_loaded_from_elsewhere(site):
    pages = site.pages.values()
    assert [(shown(page), each) for page in pages for each in loads(page) if is_outside(each)] == []
    assert sum(1 for page in pages for _ in loads(page)) > 100
    for style in site.folder.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text("utf-8")), (
            style
        )


def test_every_picture_says_what_it_shows(site):
    pictures = [
        (shown(page), picture.attributes.get("alt") or "")
        for page in site.pages.values()
        for picture in page.all("img")
        if "article" in picture.inside
    ]
    assert len(pictures) > 10
    assert [where for where, words in pictures if not words or words.endswith(".png")] == []


@pytest.mark.parametrize("word", ["jitter", "registr", "asterisk", "pjsip"])
def test_the_search_knows_the_courses_words(site, word):
    index = (site.folder / "searchindex.js").read_text("utf-8")
    terms = json.loads(index.removeprefix("Search.setIndex(").removesuffix(")"))["terms"]
    assert word in terms
