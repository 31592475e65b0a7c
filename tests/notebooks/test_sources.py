"""Every citation has a source, every source is cited, and each says where and what it is."""

from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from syllabus.citations import cited_in
from syllabus.course import Course
from syllabus.errors import CourseError
from syllabus.markdown import headings
from syllabus.sources import COLUMNS, Source, read_sources, sources_page, uses_of

PROJECT = Path(__file__).parents[2]
TABLE = PROJECT / "notebooks" / "data" / "sources.csv"
HEADER = ",".join(COLUMNS)
LINE = {
    "key": "itu-g114",
    "publisher": "ITU-T",
    "title": "G.114: One-way transmission time",
    "dated": "2003-05",
    "url": "https://www.itu.int/rec/T-REC-G.114",
    "read": "",
    "note": "150 and 400 ms.",
}


@pytest.fixture(scope="module")
def sources():
    return read_sources(TABLE)


@pytest.fixture(scope="module")
def uses():
    return uses_of(Course.read(PROJECT))


# The real ones


def test_each_citation_has_a_source(sources, uses):
    known = {source.key for source in sources}
    assert {key: where for key, where in uses.items() if key not in known} == {}


def test_each_source_is_cited(sources, uses):
    assert [source.key for source in sources if source.key not in uses] == []


def test_no_copy_was_read_before_the_document_was_there(sources):
    read = {source.key: (source.dated, str(source.read)) for source in sources if source.read}
    assert [key for key, (dated, day) in read.items() if day < dated] == []


def test_each_source_has_an_anchor_of_its_own(sources, uses):
    page = sources_page(sources, uses, "# Sources")
    there = [heading for cell in page.cells for heading in headings(cell.source)]
    for source in sources:
        anchors = [heading.on_the_web for heading in there]
        assert anchors.count(source.key) == 1
        assert source.key in [heading.in_jupyterlab for heading in there]


# Citations


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("[Ofcom](sources.ipynb#ofcom-4g)", {"ofcom-4g"}),
        ("[Ofcom](../../notebooks/sources.ipynb#ofcom-4g)", {"ofcom-4g"}),
        ("RFC 3550, section 6.4.1", {"rfc3550"}),
        ("ITU-T G.107.1 and G.711", {"itu-g107-1", "itu-g711"}),
        ("At the end of G.711. Then 3.5 more", {"itu-g711"}),
        ("P.862 (PESQ)", {"itu-p862"}),
        ("5.4 GHz, 4G, G7, version G.x", set()),
    ],
)
def test_citations_are_recognised(text, keys):
    assert cited_in(text) == keys


def test_citations_are_found_in_prose_and_in_tables_of_data(tmp_path):
    (tmp_path / "notebooks" / "data").mkdir(parents=True)
    (tmp_path / "notebooks" / "course.toml").write_text("prose = {}")
    cells = [new_markdown_cell("# First\n\nBy RFC 3550."), new_code_cell("# RFC 3261")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "notebooks" / "00-first.ipynb")
    prices = "what,price,source\nline,20,ofcom-prices bt-2009\ntrunk,5,\n"
    (tmp_path / "notebooks" / "data" / "prices.csv").write_text(prices)
    assert uses_of(Course.read(tmp_path)) == {
        "rfc3550": ["[First](00-first.ipynb)"],
        "ofcom-prices": ["`data/prices.csv`"],
        "bt-2009": ["`data/prices.csv`"],
    }


# The table


def written(tmp_path, *lines):
    path = tmp_path / "sources.csv"
    rows = [",".join(f'"{cell}"' for cell in line.values()) for line in lines]
    path.write_text("\n".join([HEADER, *rows, ""]))
    return path


def test_a_line_is_read(tmp_path):
    [source] = read_sources(written(tmp_path, LINE | {"read": "2026-11-25"}))
    assert (source.key, str(source.read)) == ("itu-g114", "2026-11-25")
    assert read_sources(written(tmp_path, LINE))[0].read is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "ITU-G114"),
        ("key", "itu_g114"),
        ("key", "itu-g114-"),
        ("publisher", ""),
        ("title", " G.114"),
        ("dated", "May 2003"),
        ("dated", "2003-13"),
        ("url", "www.itu.int"),
        ("url", "ftp://itu.int"),
        ("read", "yesterday"),
        ("read", "25.11.2026"),
        ("note", ""),
    ],
)
def test_a_line_that_is_not_well_formed_is_told(tmp_path, field, value):
    with pytest.raises(CourseError, match=f"line 2: {field}"):
        read_sources(written(tmp_path, LINE | {field: value}))


def test_a_key_that_occurs_twice_is_told(tmp_path):
    with pytest.raises(CourseError, match="itu-g114 twice"):
        read_sources(written(tmp_path, LINE, LINE))


def test_a_table_of_other_columns_is_told(tmp_path):
    (tmp_path / "sources.csv").write_text("key,title\n")
    with pytest.raises(CourseError, match="must begin with the line key,publisher"):
        read_sources(tmp_path / "sources.csv")


# The page


def page_of(*lines, uses=None):
    sources = [Source.model_validate(line | {"read": line["read"] or None}) for line in lines]
    return [cell.source for cell in sources_page(sources, uses or {}, "# Sources").cells]


def test_the_page_says_what_was_not_read():
    assert "**Not read by us.**" in page_of(LINE)[1]
    read = page_of(LINE | {"read": "2026-11-25"})[1]
    assert "Not read" not in read
    assert "Read on 25 November 2026." in read


def test_the_page_tells_all_of_an_entry_and_where_it_is_cited():
    [_, shown] = page_of(LINE, uses={"itu-g114": ["[First](00-first.ipynb)"]})
    assert shown.splitlines()[0] == "## ITU-T"
    assert "### itu-g114" in shown
    assert "[G.114: One-way transmission time](<https://www.itu.int/rec/T-REC-G.114>)" in shown
    assert "May 2003" in shown
    assert "Cited in: [First](00-first.ipynb)" in shown


@pytest.mark.parametrize(
    ("dated", "shown"),
    [("", "undated"), ("2003", "2003"), ("2003-05", "May 2003"), ("2003-05-09", "9 May 2003")],
)
def test_the_page_tells_a_date_as_exactly_as_it_is_known(dated, shown):
    assert f", {shown}. 150 and 400 ms. **Not read" in page_of(LINE | {"dated": dated})[1]


def test_numbers_are_in_the_order_of_their_values():
    keys = ("itu-g1010", "itu-g114", "itu-g107-1", "itu-g107")
    [_, shown] = page_of(*(LINE | {"key": key} for key in keys))
    assert [heading.text for heading in headings(shown)[1:]] == list(reversed(keys))
