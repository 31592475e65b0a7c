import json

import pytest

from voiplab.containers.usage import Usage, usage

# As an engine 20.10 with cgroup v1 answered, cut down to what is read.
RUNNING = json.loads("""{
  "read": "2026-11-25T02:25:37.454989123Z",
  "cpu_stats": {"cpu_usage": {"total_usage": 256353245}, "online_cpus": 2},
  "memory_stats": {"usage": 46000000, "stats": {"total_inactive_file": 1000000}}
}""")


def test_it_is_read_in_seconds_and_bytes() -> None:
    found = usage(RUNNING)
    assert found == Usage(time_s=1795573537.454989, cpu_s=0.256353245, memory_bytes=45000000)


def test_podman_writes_the_time_with_a_zone() -> None:
    found = usage(RUNNING | {"read": "2026-11-25T03:25:37.454989+01:00"})
    assert found is not None
    assert found.time_s == 1795573537.454989


def test_a_stopped_container_uses_nothing() -> None:
    stopped = {
        "read": "0001-01-01T00:00:00Z",
        "cpu_stats": {"cpu_usage": {"total_usage": 0}},
        "memory_stats": {},
    }
    assert usage(stopped) is None


@pytest.mark.parametrize(
    ("time_s", "cpu_s", "share"),
    [
        (102.0, 2.0, 0.5),
        (101.0, 3.0, 2.0),
        (100.0, 1.0, 0.0),
        (101.0, 0.2, 0.0),  # started anew: it has taken less than before
    ],
)
def test_the_share_of_a_core(time_s: float, cpu_s: float, share: float) -> None:
    before = Usage(time_s=100.0, cpu_s=1.0, memory_bytes=1)
    assert Usage(time_s=time_s, cpu_s=cpu_s, memory_bytes=1).cpu_share(before) == share
