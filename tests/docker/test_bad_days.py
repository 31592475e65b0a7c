"""What goes wrong, and that it ends in a clear sentence with nothing lost or left behind."""

import json
import os
import signal
import subprocess
import sys
import threading

import pytest

from voiplab import Answering, Lab
from voiplab.containers import Engine, Owner, labs, wait_until
from voiplab.containers.build_context import build_contexts
from voiplab.errors import (
    AmiError,
    CallFailed,
    ConfigError,
    EngineError,
    EvidenceError,
    ImageMissing,
    LabStopped,
    UnknownUser,
    VoipLabError,
)

pytestmark = pytest.mark.engine


def parts_of(engine: Engine, name: str) -> list[str]:
    return [part.name for lab in labs(engine) if lab.name == name for part in lab.parts]


def labs_of_ours(engine: Engine) -> set[str]:
    return {lab.name for lab in labs(engine) if Owner.this_process() in lab.owners}


# What a user can give


@pytest.mark.parametrize(
    "extension",
    ["20\n01", "20[01]", "2001;", "20,01", "été", "☎", "2" * 300, "", "2001 ", "*43"],
)
def test_an_impossible_extension_is_refused_and_nothing_changes(lab, extension):
    before = lab.configuration()
    with pytest.raises(ConfigError) as refused:
        lab.add_user(extension, name="X")
    assert "\n" not in str(refused.value)
    assert lab.configuration() == before


@pytest.mark.parametrize("name", ["a\nb", "a;b", 'a"b', "a\\b", "x" * 300, "\x00"])
def test_an_impossible_name_is_refused_and_nothing_changes(lab, name):
    before = lab.configuration()
    with pytest.raises(ConfigError) as refused:
        lab.add_user("2090", name=name)
    assert "\n" not in str(refused.value)
    assert lab.configuration() == before
    assert not parts_of(Engine.connect(), f"voiplab-{lab.name}-2090")


@pytest.mark.parametrize("name", ["Réception", "Dupont, Marie", "Desk [2]", "☎ 🎧", "x" * 79])
def test_an_unusual_name_arrives_unharmed(lab, name):
    lab.add_user("2090", name=name, phone=False)
    try:
        assert f'"{name}" <2090>' in lab.asterisk("pjsip show endpoint 2090")
    finally:
        lab.remove_user("2090")


def test_a_taken_extension_is_refused_by_name(lab):
    with pytest.raises(ConfigError, match="2001 is taken by the user Front desk"):
        lab.add_user("2001", name="Again")
    assert lab["2001"].phone.registered


def test_an_unknown_user_is_named_with_those_there_are(lab):
    with pytest.raises(UnknownUser, match=r"'2999'.*2001, 2002"):
        _ = lab["2999"]
    with pytest.raises(UnknownUser):
        lab.remove_user("2999")


def test_an_unknown_command_is_refused(lab):
    with pytest.raises(AmiError, match="no command 'frobnicate'"):
        lab.asterisk("frobnicate")


@pytest.mark.parametrize("name", ["", "Lab", "-lab", "a" * 31, "lab_1", "lab\n", "../lab"])
def test_an_impossible_lab_name_is_refused(name):
    with pytest.raises(ConfigError, match="can't be called"):
        Lab(name)


# What can happen to a lab


def test_a_stopped_lab_says_so(runs):
    lab = Lab.start(users={"2001": "", "2002": ""}, runs=runs)
    phone = lab["2001"].phone
    lab.stop()
    lab.stop()
    for attempt in (
        lambda: phone.call("2002"),
        lambda: lab.add_user("2003"),
        lambda: lab.asterisk("core show version"),
        lab.registrations,
        lambda: lab["2001"],
    ):
        with pytest.raises(LabStopped, match="is stopped"):
            attempt()


def test_stopping_keeps_the_evidence_of_calls_in_progress(engine, runs):
    lab = Lab.start(users={"2001": "", "2002": ""}, runs=runs)
    call = lab["2001"].phone.call(lab["2002"])
    call.wait(seconds=1)
    lab.stop()
    assert call.evidence.final
    assert all(direction.packets > 20 for direction in call.quality)
    assert not parts_of(engine, lab.name)


def test_two_labs_at_once_never_meet(lab, engine, runs):
    with Lab(users={"2001": "", "2002": ""}, runs=runs) as other:
        ours = lab["2001"].phone.call(lab["2002"])
        theirs = other["2001"].phone.call(other["2002"])
        theirs.wait(seconds=1)
        theirs.hang_up()
        assert ours.wait(seconds=0.1)
        ours.hang_up()
        for call, home in ((ours, lab), (theirs, other)):
            hosts = set(call.evidence.names())
            assert hosts == {home.pbx.container.address} | {
                home[each].phone.address for each in ("2001", "2002")
            }
        assert len(lab.cdrs().query("sip_call_id == @theirs.leg.call_id")) == 0
    assert not parts_of(engine, other.name)
    assert parts_of(engine, lab.name)


def test_a_name_in_use_is_refused_and_the_lab_that_has_it_stays(lab):
    with pytest.raises(LabStopped, match="runs already"):
        Lab.start(lab.name)
    assert lab["2001"].phone.registered
    assert lab.asterisk("core show version").startswith("Asterisk 22")


def test_a_second_kernel_attaches_and_calls(lab, runs):
    script = (
        "from voiplab import Lab; import json, sys\n"
        f"lab = Lab.attach({lab.name!r}, runs={str(runs)!r})\n"
        "call = lab['2001'].phone.call(lab['2002']); call.wait(1); call.hang_up()\n"
        "print(json.dumps(call.evidence.summary())); lab.stop()\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout
    assert len(json.loads(printed)["directions"]) == 2
    assert lab.asterisk("core show version").startswith("Asterisk 22")
    lab.take_up()
    assert lab["2001"].phone.registered


def test_attaching_to_nothing_says_what_to_do():
    with pytest.raises(LabStopped, match="No lab 'nowhere' runs"):
        Lab.attach("nowhere")


def test_a_pbx_killed_in_mid_call_is_told_and_the_evidence_is_kept(runs):
    with Lab(users={"2001": "", "2002": ""}, runs=runs) as lab:
        call = lab["2001"].phone.call(lab["2002"])
        call.wait(seconds=1)
        lab.pbx.kill()
        wait_until("the loss to be noticed", lambda: not lab.pbx.running, timeout_s=10)
        with pytest.raises(LabStopped, match=r"exited.*lab\.pbx\.restart\(\)"):
            lab["2002"].phone.call("2001")
        call.hang_up()
        assert all(direction.packets > 20 for direction in call.quality)
        assert call.evidence.record.missing
        lab.pbx.restart()
        for user in lab.users:
            user.phone.register()
        again = lab["2001"].phone.call(lab["2002"])
        assert again.wait(seconds=0.5)
        again.hang_up()


def test_a_phone_killed_in_mid_call_ends_the_call_with_its_evidence(runs):
    with Lab(users={"2001": "", "2002": ""}, runs=runs) as lab:
        call = lab["2001"].phone.call(lab["2002"])
        call.wait(seconds=1)
        lab["2002"].phone.container.kill()
        call.hang_up()
        assert call.evidence.record.missing
        assert [each.receiver for each in call.quality] == ["2001"]


def test_a_phone_that_stops_while_it_calls_is_told_as_such(runs):
    with Lab(users={"2001": "A", "2002": "B"}, runs=runs) as lab:
        lab["2002"].phone.answering = Answering.MANUAL
        call = lab["2001"].phone.call(lab["2002"], answered_within_s=None)
        lab["2001"].phone.container.kill()
        with pytest.raises(CallFailed, match="its phone stopped") as failed:
            call.wait_until_answered(60)
        assert "Phone 2001 ended with code 137" in str(failed.value)  # 128 and SIGKILL


def test_a_full_disk_while_capturing_is_told_and_the_call_goes_on(runs):
    with Lab(users={"2001": "", "2002": ""}, runs=runs, capture_room="64k") as lab:
        call = lab["2001"].phone.call(lab["2002"])
        call.wait(seconds=3)
        assert call.state == "established"
        call.hang_up()
        (sentence, *_) = [each for each in call.evidence.record.missing if "capture" in each]
        assert "No space left on device" in sentence
        assert all(direction.packets > 20 for direction in call.quality)


def test_evidence_that_can_not_be_written_says_where(lab, tmp_path):
    occupied = tmp_path / "file"
    occupied.write_text("not a folder")
    runs, lab.runs = lab.runs, occupied
    try:
        call = lab["2001"].phone.call(lab["2002"])
        with pytest.raises(EvidenceError, match=r"can't be written to .*VOIPLAB_RUNS"):
            call.hang_up()
        assert call.state == "closed"
    finally:
        lab.runs = runs
    call.collect()
    assert call.evidence.final


# The engine


def test_an_engine_that_does_not_run_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(EngineError, match=r"nobody\.sock"):
        Lab.start()


def test_a_missing_image_is_told_before_anything_starts(monkeypatch, tmp_path, engine):
    for context in build_contexts():
        folder = tmp_path / context.name
        folder.mkdir()
        (folder / "Dockerfile").write_text("FROM scratch\n")
    monkeypatch.setenv("VOIPLAB_DOCKER", str(tmp_path))
    before = labs_of_ours(engine)
    with pytest.raises(ImageMissing, match="make images"):
        Lab.start(users={"2001": ""})
    assert labs_of_ours(engine) == before


# Processes that end


START = (
    "import sys, time; from voiplab import Lab\n"
    "lab = Lab.start(sys.argv[1], users={'2001': '', '2002': ''}, runs=sys.argv[2],\n"
    "                progress=lambda step: print(step, flush=True))\n"
    "print('up', flush=True); time.sleep(600)\n"
)


def started(name: str, runs) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", START, name, str(runs)], stdout=subprocess.PIPE, text=True
    )


def read_until(process: subprocess.Popen[str], word: str) -> None:
    for line in process.stdout:
        if word in line:
            return
    raise AssertionError(f"the process ended before it said {word!r}")


def voiplab(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voiplab", *arguments], capture_output=True, text=True, check=False
    )


@pytest.mark.xdist_group("orphans")
def test_after_a_killed_kernel_clean_removes_its_lab_and_no_other(lab, engine, runs):
    process = started("t-killed", runs)
    read_until(process, "up")
    assert len(parts_of(engine, "t-killed")) == 3
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    cleaned = voiplab("clean", "--json")
    assert cleaned.returncode == 0, cleaned.stderr
    removed = {each["name"]: each for each in json.loads(cleaned.stdout)["removed"]}
    assert removed["t-killed"]["containers"] == 3
    assert removed["t-killed"]["networks"] == 1
    assert lab.name not in removed
    assert not parts_of(engine, "t-killed")
    assert lab["2001"].phone.call("*43").wait(seconds=0.1)
    lab.calls[-1].hang_up()


@pytest.mark.xdist_group("orphans")
def test_the_next_start_of_a_killed_lab_takes_its_place(engine, runs):
    process = started("t-again", runs)
    read_until(process, "up")
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with Lab("t-again", runs=runs) as lab:
        assert parts_of(engine, "t-again") == [f"voiplab-{lab.name}-pbx"]
    assert not parts_of(engine, "t-again")


@pytest.mark.parametrize("step", ["making a network", "starting Asterisk"])
def test_an_interrupted_start_leaves_nothing(engine, runs, step):
    process = started("t-interrupted", runs)
    read_until(process, step)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) != 0
    assert not parts_of(engine, "t-interrupted")
    assert not engine.api.networks(filters={"label": "voiplab.lab=t-interrupted"})


def test_a_process_that_ends_by_itself_takes_its_lab_along(engine, runs):
    script = START.replace("time.sleep(600)", "pass")
    subprocess.run(
        [sys.executable, "-c", script, "t-ended", str(runs)], check=True, capture_output=True
    )
    assert not parts_of(engine, "t-ended")


def test_a_failing_block_takes_its_lab_along(engine, runs):
    with pytest.raises(ZeroDivisionError), Lab("t-failing", runs=runs):
        _ = 1 / 0
    assert not parts_of(engine, "t-failing")


def test_many_threads_may_call_at_once(lab):
    failures: list[BaseException] = []

    def echo(extension: str) -> None:
        try:
            call = lab[extension].phone.call("*43")
            call.wait(seconds=1)
            call.hang_up()
            assert call.quality
        except (VoipLabError, AssertionError) as error:
            failures.append(error)

    threads = [threading.Thread(target=echo, args=(each,)) for each in ("2001", "2002")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_a_failed_call_says_where_its_evidence_is(lab):
    with pytest.raises(CallFailed, match=r"What was seen of it is in ") as failed:
        lab["2001"].phone.call("9999")
    assert str(lab.calls[-1].evidence.folder) in str(failed.value)


def test_asterisk_knows_its_commands_as_soon_as_the_lab_is_up(runs):
    for _ in range(5):
        with Lab(runs=runs) as lab:
            assert lab.asterisk("core show version").startswith("Asterisk 22")
