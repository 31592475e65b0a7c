import io
import tarfile

from hypothesis import given
from hypothesis import strategies as st

from voiplab.containers.archive import Private, packed, unpacked

NAMES = st.text("abcé-_. ", min_size=1, max_size=120).filter(lambda name: name.strip(". "))


def entry(archive: bytes) -> tarfile.TarInfo:
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        return tar.getmembers()[0]


@given(st.dictionaries(NAMES.map("/etc/{}".format), st.binary(max_size=2000), max_size=4))
def test_files_survive_the_archive(files: dict[str, bytes]) -> None:
    chunks = io.BytesIO(packed(files))

    assert unpacked(iter(lambda: chunks.read(700), b"")) == {
        path.lstrip("/"): content for path, content in files.items()
    }


def test_text_travels_as_utf8() -> None:
    assert unpacked([packed({"/a": "é"})]) == {"a": b"\xc3\xa9"}


def test_scripts_are_executable_and_nothing_else_is() -> None:
    assert entry(packed({"/run": "#!/bin/sh\n"})).mode == 0o755
    assert entry(packed({"/etc/motd": "hello"})).mode == 0o644


def test_two_versions_within_a_second_differ_in_time() -> None:
    """Or Asterisk, asked to reload, would take the second for the first."""
    first, second = (entry(packed({"/etc/asterisk/pjsip.conf": text})) for text in ("a", "b"))

    assert 0 < second.mtime - first.mtime < 1


def test_what_is_private_is_roots_alone_and_is_not_shown() -> None:
    key = Private("-----BEGIN PRIVATE KEY-----")
    assert entry(packed({"/root/ca.key": key})).mode == 0o600
    assert unpacked([packed({"/root/ca.key": key})]) == {"root/ca.key": key.encode()}
    assert "PRIVATE" not in repr({"/root/ca.key": key})
