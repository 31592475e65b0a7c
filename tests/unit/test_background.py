import signal
import threading

import pytest

from voiplab.background import in_one_piece


def test_an_interrupt_comes_through_when_the_work_is_done():
    done = []

    def work():
        signal.raise_signal(signal.SIGINT)
        done.append("made")

    with pytest.raises(KeyboardInterrupt):
        in_one_piece(work)
    assert done == ["made"]


def test_a_second_interrupt_comes_through_at_once():
    done = []

    def work():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        done.append("made")

    with pytest.raises(KeyboardInterrupt):
        in_one_piece(work)
    assert done == []
    with pytest.raises(KeyboardInterrupt):  # as before: the handler is back
        signal.raise_signal(signal.SIGINT)


def test_in_another_thread_the_work_is_just_done():
    done = []
    thread = threading.Thread(target=lambda: done.append(in_one_piece(lambda: "made")))
    thread.start()
    thread.join()
    assert done == ["made"]


def test_what_the_work_raises_comes_through():
    with pytest.raises(ZeroDivisionError):
        in_one_piece(lambda: 1 / 0)
