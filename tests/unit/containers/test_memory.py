from voiplab.containers.memory import working_set


def test_cgroup_v1_counts_the_whole_subtree() -> None:
    stats = {"total_inactive_file": 300, "inactive_file": 100}

    assert working_set({"usage": 1000, "stats": stats}) == 700


def test_cgroup_v2() -> None:
    assert working_set({"usage": 1000, "stats": {"inactive_file": 100}}) == 900


def test_more_cache_than_usage_is_not_subtracted() -> None:
    assert working_set({"usage": 1000, "stats": {"inactive_file": 1001}}) == 1000


def test_a_stopped_container_has_none() -> None:
    assert working_set({}) is None
