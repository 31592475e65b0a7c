"""The containers package on a real engine."""

import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import textwrap
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from voiplab.containers import (
    Container,
    Engine,
    Network,
    Owner,
    Part,
    Swept,
    build_images,
    image,
    lab_labels,
    labs,
    make_base_image,
    missing_images,
    orphans,
    sweep,
    wait_until,
)
from voiplab.errors import (
    CommandFailed,
    EngineError,
    ImageMissing,
    LabStopped,
    NotReady,
    PortTaken,
)

pytestmark = pytest.mark.engine

BASE = "debian:forky-slim"
FOR_EVER = ["sleep", "infinity"]

Run = Callable[..., Container]


def new_name() -> str:
    return f"t-containers-{secrets.token_hex(4)}"


@pytest.fixture
def lab(engine: Engine) -> Iterator[str]:
    name = new_name()
    yield name
    sweep(engine, name)


@pytest.fixture
def network(engine: Engine, lab: str) -> Network:
    return engine.create_network(lab, lab_labels(lab, role="network", owner=Owner.this_process()))


@pytest.fixture
def run(engine: Engine, lab: str) -> Run:
    def run(role: str = "pbx", **more: Any) -> Container:
        labels = lab_labels(lab, role=role, owner=Owner.this_process())
        return engine.run(
            **{"image": BASE, "name": f"{lab}-{role}", "labels": labels, "command": FOR_EVER} | more
        )

    return run


def names_of(engine: Engine, lab: str) -> set[str]:
    """The lab's containers, as the engine's own list has them."""
    rows = engine.api.containers(all=True, filters={"label": [f"voiplab.lab={lab}"]})
    return {row["Names"][0].lstrip("/") for row in rows}


def test_the_engine_says_what_it_is(engine: Engine) -> None:
    assert engine.describe().split()[0] in ("Docker", "Podman")
    assert "(API 1." in engine.describe()


class TestAContainer:
    def test_has_its_files_before_its_first_process_starts(self, run: Run) -> None:
        container = run(
            files={
                "/srv/deep/greet": "#!/bin/sh\ncat /srv/name; sleep infinity",
                "/srv/name": "é\n",
            },
            command=["/srv/deep/greet"],
        )

        def greeted() -> bool:
            return container.logs().strip() == "é"

        assert wait_until("the greeting", greeted, timeout_s=10, containers=[container])

    def test_is_reached_at_a_port_of_this_machine_alone(self, run: Run) -> None:
        container = run(
            files={"/srv/serve": SERVER}, command=["perl", "/srv/serve"], ports=[8088, "4000/udp"]
        )
        port = container.port(8088)

        def answer() -> str | None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as page:
                    return str(page.read().decode())
            except OSError:
                return None

        assert wait_until("the server", answer, timeout_s=10, containers=[container]) == "hello"
        assert 0 < container.port("4000/udp") < 65536
        bindings = container._inspected()["NetworkSettings"]["Ports"]
        assert {row["HostIp"] for rows in bindings.values() for row in rows} == {"127.0.0.1"}

    def test_says_so_when_a_port_is_not_published(self, run: Run) -> None:
        with pytest.raises(EngineError, match="does not publish its port 80/tcp"):
            run(ports=[8088]).port(80)

    def test_is_found_by_its_alias_in_the_labs_network(self, run: Run, network: Network) -> None:
        pbx = run("pbx", network=network, aliases=["exchange"])
        phone = run("phone", network=network)

        assert phone.exec(["getent", "hosts", "exchange"]).text.split()[0] == pbx.address

    def test_can_share_another_ones_network(self, run: Run, network: Network) -> None:
        phone = run("phone", network=network)
        sidecar = run(
            "sidecar",
            shares_network_with=phone,
            cap_add=["NET_ADMIN"],
            environment={"SEED": "7"},
        )

        assert sidecar.address == phone.address
        assert sidecar.exec(["cat", "/proc/net/dev"]).stdout.count(b"eth0") == 1
        assert sidecar.exec(["sh", "-c", "echo $SEED"]).text == "7\n"
        assert capability(sidecar, "CapEff", 12)
        assert not capability(phone, "CapEff", 12)

    def test_reaps_its_orphans(self, run: Run) -> None:
        assert run().exec(["cat", "/proc/1/comm"]).text.strip() in ("docker-init", "catatonit")

    def test_uses_no_more_memory_than_it_may(self, run: Run) -> None:
        container = run(memory_mib=64)

        assert container._inspected()["HostConfig"]["Memory"] == 64 * 1024**2
        assert 0 < container.memory_bytes() < 64 * 1024**2

    def test_counts_the_memory_that_it_holds_but_not_the_page_cache(self, run: Run) -> None:
        container = run(tmpfs={"/ram": "size=64m"})
        before = container.memory_bytes()

        container.exec(["dd", "if=/dev/zero", "of=/ram/held", "bs=1M", "count=32"])
        held = container.memory_bytes()
        container.exec(["sh", "-c", "dd if=/dev/zero of=/cached bs=1M count=32; cat /cached | wc"])

        assert held - before > 30 * 1024**2
        assert container.memory_bytes() - held < 16 * 1024**2

    def test_is_found_again_by_another_process(self, engine: Engine, run: Run) -> None:
        container = run(tmpfs={"/ram": "size=1m"})
        container.put({"/ram/note": "hello"})

        again = engine.container(container.name)

        assert again.id == container.id
        assert again.read("/ram/note") == b"hello"
        assert [found.id for found in engine.containers(container.labels)] == [container.id]

    def test_restarts_with_what_it_had(self, run: Run) -> None:
        container = run(ports=[8088])
        container.put({"/etc/note": "hello"})

        container.restart()

        assert container.running
        assert container.read("/etc/note") == b"hello"
        assert container.port(8088) > 0

    def test_can_be_removed_twice_and_at_once(self, engine: Engine, run: Run, lab: str) -> None:
        container = run()

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(lambda _: container.remove(), range(4)))
        container.remove()

        assert names_of(engine, lab) == set()
        assert container.status() == "gone"
        assert container.logs() == ""

    def test_can_be_looked_into_after_its_end(self, run: Run) -> None:
        container = run(command=["sh", "-c", "echo written > /etc/note; echo said; exit 3"])
        wait_until("its end", lambda: not container.running, timeout_s=10)

        assert container.status() == "exited"
        assert container.exit_code == 3
        assert container.logs() == "said\n"
        assert container.read("/etc/note") == b"written\n"


class TestACommand:
    def test_returns_what_it_wrote_and_its_exit_code(self, run: Run) -> None:
        completed = run().exec(["sh", "-c", "echo out; echo err >&2; exit 3"], check=False)

        assert (completed.exit_code, completed.stdout, completed.stderr) == (3, b"out\n", b"err\n")

    def test_raises_what_it_wrote_if_it_fails(self, run: Run) -> None:
        with pytest.raises(CommandFailed, match="exit code 3: err") as caught:
            run().exec(["sh", "-c", "echo out; echo err >&2; exit 3"])

        assert (caught.value.stdout, caught.value.stderr) == (b"out\n", b"err\n")

    def test_that_does_not_exist_is_named(self, run: Run) -> None:
        with pytest.raises(CommandFailed, match=r"nonesuch.*No such file"):
            run().exec(["nonesuch"])

    def test_that_takes_too_long_is_ended(self, run: Run) -> None:
        container = run()

        with pytest.raises(NotReady, match=r"`sleep 86399` in .* did not end within 0.2 s"):
            container.exec(["sleep", "86399"], timeout_s=0.2)

        assert b"86399" not in container.exec(["sh", "-c", PROCESSES]).stdout

    def test_that_ignores_being_asked_to_end_is_killed(self, run: Run) -> None:
        with pytest.raises(NotReady):
            run().exec(["sh", "-c", "trap '' TERM; while :; do :; done"], timeout_s=0.2)

    def test_may_itself_end_with_the_exit_code_of_a_time_out(self, run: Run) -> None:
        assert run().exec(["sh", "-c", "exit 124"], check=False).exit_code == 124

    def test_loses_none_of_a_large_output(self, run: Run) -> None:
        assert len(run().exec(["head", "-c", "3000000", "/dev/zero"]).stdout) == 3_000_000

    def test_loses_nothing_when_this_machine_is_slow_to_listen(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The engine may have sent all before the answer's header is looked at."""
        container = run()
        begin = HTTPResponse.begin
        monkeypatch.setattr(HTTPResponse, "begin", lambda answer: (sleep(0.3), begin(answer))[1])

        assert container.exec(["echo", "hello"]).stdout == b"hello\n"

    def test_can_be_run_from_many_threads(self, run: Run) -> None:
        container = run()

        with ThreadPoolExecutor(16) as threads:
            texts = list(threads.map(lambda n: container.exec(["echo", str(n)]).text, range(48)))

        assert texts == [f"{n}\n" for n in range(48)]

    def test_in_a_container_that_was_killed(self, run: Run) -> None:
        container = run()
        container.kill()

        with pytest.raises(LabStopped, match=f"{container.name}: the container has stopped"):
            container.exec(["true"])

    def test_in_a_container_that_is_gone(self, run: Run) -> None:
        container = run()
        container.remove()

        with pytest.raises(LabStopped, match="no such container"):
            container.exec(["true"])

    def test_whose_container_is_killed_meanwhile(self, run: Run) -> None:
        container = run()
        with ThreadPoolExecutor(1) as threads:
            asleep = threads.submit(container.exec, ["sleep", "60"], timeout_s=60, check=False)
            wait_until(
                "the command to run",
                lambda: b"sleep\x0060" in container.exec(["sh", "-c", PROCESSES]).stdout,
                timeout_s=10,
            )
            container.kill()

            assert asleep.result().exit_code == 137


class TestFiles:
    @pytest.mark.parametrize("folder", ["/srv", "/ram"])
    def test_are_written_and_read_in_memory_and_on_disk(self, run: Run, folder: str) -> None:
        container = run(tmpfs={"/ram": "size=1m"})

        container.put({f"{folder}/a": b"\x00\xff", f"{folder}/b/c": "é"})

        assert container.read(f"{folder}/a") == b"\x00\xff"
        assert container.folder(folder) == {"a": b"\x00\xff", "b/c": "é".encode()}
        assert container.folder(f"{folder}/b/") == {"c": "é".encode()}
        assert container.exec(["sh", "-c", "ls -a / | grep voiplab || true"]).text == ""

    @pytest.mark.parametrize("folder", ["/srv", "/ram"])
    def test_that_are_not_there(self, run: Run, folder: str) -> None:
        container = run(tmpfs={"/ram": "size=1m"})
        container.put({f"{folder}/a": b""})

        for path in (f"{folder}/none", f"{folder}/a/none"):
            for ask in (
                container.read,
                container.folder,
                lambda path: container.read_from(path, 0),
            ):
                with pytest.raises(FileNotFoundError, match=path):
                    ask(path)
        with pytest.raises(FileNotFoundError, match="not a file"):
            container.read(folder)

    @pytest.mark.parametrize("folder", ["/srv", "/ram"])
    def test_that_grow_are_read_on(self, run: Run, folder: str) -> None:
        container = run(tmpfs={"/ram": "size=1m"})
        path = f"{folder}/capture"

        container.put({path: bytes(range(200))})
        assert container.read_from(path, 0) == bytes(range(200))
        assert container.read_from(path, 200) == b""
        container.exec(["sh", "-c", f"printf more >> {path}"])
        assert container.read_from(path, 200) == b"more"
        assert container.read_from(path, 202) == b"re"

    def test_that_no_longer_fit(self, run: Run) -> None:
        container = run(tmpfs={"/ram": "size=64k"})

        with pytest.raises(EngineError, match=r"Could not write files .*: no space left in /ram"):
            container.put({"/ram/capture": bytes(100_000)})

        assert container.exec(["sh", "-c", "ls -a / | grep voiplab || true"]).text == ""

    def test_written_twice_within_a_second_differ_in_time(self, run: Run) -> None:
        container = run()
        times = []
        for text in ("a", "b"):
            container.put({"/etc/pjsip.conf": text})
            times.append(container.exec(["stat", "-c", "%.9Y", "/etc/pjsip.conf"]).text)

        assert times[0] < times[1]


class TestAStartThatFails:
    def test_for_want_of_the_image(self, run: Run) -> None:
        with pytest.raises(ImageMissing, match=r"voiplab/none:1 has not been built.*make images"):
            run(image="voiplab/none:1")

    def test_because_another_container_has_the_port(
        self, engine: Engine, run: Run, lab: str
    ) -> None:
        port = run("pbx", ports=[5038]).port(5038)

        with pytest.raises(PortTaken, match=f"port {port} is already in use"):
            run("second", ports={5038: port})

        assert names_of(engine, lab) == {f"{lab}-pbx"}

    def test_because_a_program_has_the_port(self, engine: Engine, run: Run, lab: str) -> None:
        with socket.socket() as program:
            program.bind(("127.0.0.1", 0))
            program.listen()
            port = program.getsockname()[1]
            with pytest.raises(PortTaken, match=f"port {port} is already in use"):
                run(ports={5038: port})

        assert names_of(engine, lab) == set()

    def test_because_the_name_is_taken(self, run: Run) -> None:
        run()

        with pytest.raises(EngineError, match=r"the name is taken.*voiplab clean"):
            run()

    def test_for_want_of_the_command_leaves_nothing(
        self, engine: Engine, run: Run, lab: str
    ) -> None:
        with pytest.raises(EngineError, match="nonesuch"):
            run(command=["/nonesuch"], init=False)

        assert names_of(engine, lab) == set()

    def test_by_an_interrupt_leaves_nothing(
        self, engine: Engine, run: Run, lab: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(_id: str) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(engine.api, "start", interrupted)
        with pytest.raises(KeyboardInterrupt):
            run()

        assert names_of(engine, lab) == set()

    def test_because_the_networks_name_is_taken(self, engine: Engine, network: Network) -> None:
        with pytest.raises(EngineError, match="the name is taken"):
            engine.create_network(network.name, {})


class TestWaiting:
    def test_ends_at_once_when_a_container_has_ended(self, run: Run) -> None:
        container = run(command=["sh", "-c", "echo no configuration >&2; exit 1"])

        with pytest.raises(NotReady) as caught:
            wait_until(
                "Asterisk to boot",
                lambda: None,
                timeout_s=3600,
                containers=[container],
                hint="See the manual.",
            )

        said = str(caught.value)
        assert f"{container.name} ended while waiting for Asterisk to boot" in said
        assert f"{container.name} is exited" in said
        assert "    no configuration" in said
        assert said.endswith("See the manual.")

    def test_ends_at_once_when_the_probe_finds_the_container_stopped(self, run: Run) -> None:
        container = run(command=["sh", "-c", "echo gone to lunch"])
        wait_until("its end", lambda: not container.running, timeout_s=10)

        with pytest.raises(NotReady, match="gone to lunch"):
            wait_until(
                "an answer",
                lambda: container.exec(["true"]),
                timeout_s=3600,
                containers=[container],
            )

    def test_tells_at_the_time_out_how_each_container_is(self, run: Run) -> None:
        talker = run("talker", command=["sh", "-c", "seq 100; sleep infinity"])
        silent = run("silent")
        wait_until("its words", lambda: "100" in talker.logs(), timeout_s=10)

        with pytest.raises(NotReady) as caught:
            wait_until("Godot", lambda: None, timeout_s=0.3, containers=[talker, silent])

        said = str(caught.value)
        assert "Waited 0.3 s for Godot" in said
        assert f"{talker.name} is running" in said
        assert "    100" in said
        assert "    50" not in said
        assert f"{silent.name} is running" in said


@pytest.fixture
def killed_owner(engine: Engine) -> Iterator[str]:
    """A lab with two containers, a network and a volume, whose process was killed."""
    name = new_name()
    program = textwrap.dedent(
        f"""
        import sys
        from voiplab.containers import Engine, Owner, lab_labels
        engine = Engine.connect({engine.url!r})
        owner = Owner.this_process()
        network = engine.create_network({name!r}, lab_labels({name!r}, role="network", owner=owner))
        for role in ("pbx", "phone"):
            engine.run(image={BASE!r}, name={name!r} + "-" + role, network=network,
                       labels=lab_labels({name!r}, role=role, owner=owner),
                       command=["sleep", "infinity"])
        engine.api.create_volume({name!r}, labels=lab_labels({name!r}, role="cdr", owner=owner))
        print("up", flush=True)
        sys.stdin.read()
        """
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "up\n"
            assert name not in {lab.name for lab in orphans(engine)}
            process.kill()
            process.wait()
            yield name
        finally:
            process.kill()
            sweep(engine, name)


@pytest.mark.xdist_group("orphans")
class TestSweeping:
    def test_removes_an_orphaned_lab_and_nothing_else(
        self, engine: Engine, run: Run, network: Network, lab: str, killed_owner: str
    ) -> None:
        mine = run(network=network)
        unlabelled = engine.run(image=BASE, name=new_name(), labels={}, command=FOR_EVER)
        longer = engine.run(
            image=BASE,
            name=new_name(),
            labels=lab_labels(f"{killed_owner}-2", role="pbx", owner=None),
            command=FOR_EVER,
        )
        try:
            found = {lab.name: lab for lab in orphans(engine)}
            assert killed_owner in found
            assert not {lab, f"{killed_owner}-2"} & set(found)
            assert set(found[killed_owner].parts) == {
                Part(f"{killed_owner}-{role}", role, "running") for role in ("pbx", "phone")
            }

            assert sweep(engine, killed_owner) == Swept(containers=2, networks=1, volumes=1)
            assert sweep(engine, killed_owner) == Swept()

            assert killed_owner not in {lab.name for lab in labs(engine)}
            assert engine.api.networks(names=[killed_owner]) == []
            assert not engine.api.volumes(filters={"name": killed_owner})["Volumes"]
            assert mine.running
            assert engine.api.networks(names=[network.name])
            assert unlabelled.running
            assert longer.running
        finally:
            unlabelled.remove()
            longer.remove()

    def test_by_two_at_once_does_no_harm(self, engine: Engine, killed_owner: str) -> None:
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: sweep(engine, killed_owner), range(2)))

        assert killed_owner not in {lab.name for lab in labs(engine)}

    def test_a_lab_left_running_on_purpose_is_no_orphan(
        self, engine: Engine, run: Run, lab: str
    ) -> None:
        run(labels=lab_labels(lab, role="pbx", owner=None))

        assert lab in {found.name for found in labs(engine)}
        assert lab not in {found.name for found in orphans(engine)}

    def test_a_stopped_container_is_listed_as_what_it_is(
        self, engine: Engine, run: Run, lab: str
    ) -> None:
        stopped = run()
        stopped.kill()
        wait_until("its end", lambda: stopped.status() == "exited", timeout_s=30)

        found = next(found for found in labs(engine) if found.name == lab)
        assert found.parts == (Part(f"{lab}-pbx", "pbx", "exited"),)
        assert found.owners == {Owner.this_process()}

    def test_stops_at_a_stranger_in_the_labs_network(
        self, engine: Engine, network: Network
    ) -> None:
        stranger = engine.run(
            image=BASE, name=new_name(), labels={}, network=network, command=FOR_EVER
        )
        try:
            with pytest.raises(EngineError, match=f"{network.name}.*active endpoints"):
                sweep(engine, network.name)
            assert stranger.running
        finally:
            stranger.remove()


def test_two_labs_at_once_do_not_meet(engine: Engine) -> None:
    names = [new_name(), new_name()]

    def start(name: str) -> Container:
        owner = Owner.this_process()
        network = engine.create_network(name, lab_labels(name, role="network", owner=owner))
        return engine.run(
            image=BASE,
            name=f"{name}-pbx",
            labels=lab_labels(name, role="pbx", owner=owner),
            network=network,
            aliases=["pbx"],
            ports=[5038],
            command=FOR_EVER,
        )

    try:
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(start, names)
        assert first.port(5038) != second.port(5038)
        for container in (first, second):
            assert container.exec(["getent", "hosts", "pbx"]).text.split()[0] == container.address
        assert first.address != second.address
        assert sweep(engine, names[0]) == Swept(containers=1, networks=1)
        assert second.running
    finally:
        for name in names:
            sweep(engine, name)


class TestImages:
    @pytest.fixture(autouse=True)
    def contexts(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[Path]:
        """Two small images of this test's own."""
        self.names = [new_name(), new_name()]
        for name in self.names:
            folder = tmp_path / name
            folder.mkdir()
            (folder / "Dockerfile").write_text(f"FROM {BASE}\nCOPY name /srv/name\n")
            (folder / "name").write_text(name)
        monkeypatch.setenv("VOIPLAB_DOCKER", str(tmp_path))
        yield tmp_path
        for name in self.names:
            for row in engine.api.images(f"voiplab/{name}"):
                engine.api.remove_image(row["Id"], force=True)

    def test_are_built_once(self, engine: Engine, run: Run) -> None:
        first, second = sorted(self.names)
        lines: list[str] = []
        assert missing_images(engine) == [first, second]

        tags = build_images(engine, lines.append)

        assert [image(engine, first), image(engine, second)] == tags
        assert run(image=image(engine, first)).read("/srv/name").decode() == first
        assert f"{first}: Step 1/2 : FROM {BASE}" in lines
        assert engine.has_image(f"voiplab/{second}:latest")
        assert missing_images(engine) == []
        assert build_images(engine) == []

    def test_are_missing_again_when_their_folder_changes(
        self, engine: Engine, contexts: Path
    ) -> None:
        name = self.names[0]
        build_images(engine, names=[name])
        before = image(engine, name)

        (contexts / name / "name").write_text("other")

        with pytest.raises(ImageMissing, match="has changed since: run `make images`"):
            image(engine, name)
        build_images(engine, names=[name])
        assert image(engine, name) != before

    def test_that_no_folder_makes(self, engine: Engine) -> None:
        with pytest.raises(ImageMissing, match="There is no image nonesuch: there are"):
            image(engine, "nonesuch")

    def test_that_can_not_be_built_say_why(self, engine: Engine, contexts: Path) -> None:
        name = self.names[0]
        (contexts / name / "Dockerfile").write_text(f"FROM {BASE}\nRUN echo see here; exit 3\n")

        with pytest.raises(EngineError, match="returned a non-zero code: 3") as caught:
            build_images(engine, names=[name])

        assert "    see here" in str(caught.value)
        assert missing_images(engine) == sorted(self.names)

    def test_whose_base_can_be_neither_pulled_nor_made(
        self, engine: Engine, contexts: Path
    ) -> None:
        name = self.names[0]
        (contexts / name / "Dockerfile").write_text("FROM 127.0.0.1:1/nonesuch:1\n")

        with pytest.raises(EngineError, match=r"127\.0\.0\.1:1/nonesuch:1 is not there"):
            build_images(engine, names=[name])


@pytest.mark.skipif(
    shutil.which("mmdebstrap") is None, reason="mmdebstrap is there only where no registry is"
)
def test_the_base_image_can_be_made_from_debians_packages(engine: Engine, run: Run) -> None:
    reference = f"voiplab-test/debian-{secrets.token_hex(4)}:forky-slim"
    try:
        make_base_image(engine, reference=reference)

        container = run(image=reference)
        assert container.exec(["apt-get", "--version"]).text.startswith("apt ")
        assert container.exec(["apt-config", "dump", "Acquire::Check-Valid-Until"]).text == (
            'Acquire::Check-Valid-Until "false";\n'
        )
        assert "forky" in container.exec(["cat", "/etc/apt/sources.list"]).text
        container.remove()
    finally:
        if engine.has_image(reference):
            engine.api.remove_image(reference)


@pytest.mark.skipif(shutil.which("mmdebstrap") is None, reason="as above")
def test_an_interrupt_while_the_base_image_is_made_leaves_nothing(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Least of all mounts: below one of the host's, even a careful `rm` does harm."""
    tmp_path.chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def mounts() -> list[str]:
        return [
            line for line in Path("/proc/mounts").read_text().splitlines() if str(tmp_path) in line
        ]

    def interrupt(line: str) -> None:
        if "installing remaining packages" in line:
            assert mounts() == []
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_base_image(engine, interrupt, reference="voiplab-test/debian:forky-slim")

    assert mounts() == []
    assert list(tmp_path.iterdir()) == []


def capability(container: Container, kind: str, bit: int) -> bool:
    status = container.exec(["cat", "/proc/1/status"]).text
    mask = next(line.split()[1] for line in status.splitlines() if line.startswith(kind))
    return bool(int(mask, 16) >> bit & 1)


PROCESSES = "cat /proc/[0-9]*/cmdline 2>/dev/null || true"

# Debian's smallest image has perl, and no other language.
SERVER = r"""
use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => 8088, Listen => 5, ReuseAddr => 1) or die $!;
while (my $client = $server->accept) {
    while (<$client>) { last if /^\r\n$/ }
    print $client "HTTP/1.0 200 OK\r\n\r\nhello";
    close $client;
}
"""
