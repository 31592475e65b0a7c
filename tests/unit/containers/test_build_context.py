import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from voiplab.containers.build_context import BuildContext, build_contexts
from voiplab.errors import EngineError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    phone = tmp_path / "phone"
    (phone / "sounds").mkdir(parents=True)
    (phone / "Dockerfile").write_text("FROM debian:forky-slim\nCOPY . /\n")
    (phone / "entrypoint").write_text("#!/bin/sh\n")
    (phone / "sounds" / "beep").write_bytes(b"beep")
    return phone


def tag(folder: Path) -> str:
    return BuildContext("phone", folder).tag


def test_a_tag_is_the_name_and_twelve_digits(folder: Path) -> None:
    assert re.fullmatch(r"voiplab/phone:[0-9a-f]{12}", tag(folder))


def change_content(folder: Path) -> None:
    (folder / "sounds" / "beep").write_bytes(b"boop")


def change_base(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM debian:duke-slim\nCOPY . /\n")


def rename(folder: Path) -> None:
    (folder / "sounds" / "beep").rename(folder / "sounds" / "peep")


def move_a_byte_from_one_file_to_the_next(folder: Path) -> None:
    (folder / "Dockerfile").write_text("FROM debian:forky-slim\nCOPY . /")
    (folder / "entrypoint").write_text("\n#!/bin/sh\n")


def make_executable(folder: Path) -> None:
    (folder / "entrypoint").chmod(0o755)


def add(folder: Path) -> None:
    (folder / "more").touch()


@pytest.mark.parametrize(
    "change",
    [
        change_content,
        change_base,
        rename,
        move_a_byte_from_one_file_to_the_next,
        make_executable,
        add,
    ],
)
def test_another_content_is_another_tag(folder: Path, change: Callable[[Path], None]) -> None:
    before = tag(folder)
    change(folder)

    assert tag(folder) != before


def test_times_and_ignored_files_do_not_change_the_tag(folder: Path) -> None:
    (folder / ".dockerignore").write_text("# editors' leavings\n\n*.swp\n")
    before = tag(folder)

    os.utime(folder / "entrypoint", (0, 0))
    (folder / ".entrypoint.swp").touch()

    assert tag(folder) == before


def test_the_same_content_elsewhere_has_the_same_tag(folder: Path, tmp_path: Path) -> None:
    before = tag(folder)
    moved = folder.rename(tmp_path / "telephone")

    assert tag(moved) == before


def test_bases_are_those_images_that_are_not_stages(folder: Path) -> None:
    (folder / "Dockerfile").write_text(
        "FROM --platform=linux/amd64 debian:forky-slim AS build\n"
        "FROM build AS test\n"
        "from scratch\n"
        "COPY --from=build /a /a\n"
    )

    assert BuildContext("phone", folder).bases == {"debian:forky-slim", "scratch"}


def test_the_checkout_has_the_images_that_a_lab_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOIPLAB_DOCKER", raising=False)

    assert {"asterisk", "phone"} <= {context.name for context in build_contexts()}


def test_another_folder_can_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOIPLAB_DOCKER", str(folder.parent))

    assert build_contexts() == [BuildContext("phone", folder)]


def test_without_a_checkout_the_reader_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOIPLAB_DOCKER", str(tmp_path / "nowhere"))

    with pytest.raises(EngineError, match=r"no image folders in .*nowhere.*VOIPLAB_DOCKER"):
        build_contexts()
