import pytest

from voiplab.containers import wait_until
from voiplab.errors import LabStopped, NotReady


@pytest.mark.parametrize("ready", [0, "", [], "yes"])
def test_the_first_answer_that_is_neither_none_nor_false_is_returned(ready: object) -> None:
    answers = iter([None, False, ready])

    assert wait_until("it", lambda: next(answers), timeout_s=60, interval_s=0) == ready


def test_a_time_out_says_what_was_awaited_and_what_to_try() -> None:
    with pytest.raises(NotReady, match=r"Waited 0\.05 s for Godot") as caught:
        wait_until("Godot", lambda: None, timeout_s=0.05, hint="Try tomorrow.")

    assert isinstance(caught.value, TimeoutError)
    assert str(caught.value).endswith("Try tomorrow.")


def test_the_probe_is_asked_at_least_once() -> None:
    assert wait_until("it", lambda: "there already", timeout_s=0) == "there already"


def test_what_the_probe_raises_is_not_hidden() -> None:
    def probe() -> None:
        raise LabStopped("gone")

    with pytest.raises(LabStopped, match="gone"):
        wait_until("it", probe, timeout_s=60)
