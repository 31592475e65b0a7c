import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voiplab.config import Exchange, User
from voiplab.errors import GradingError
from voiplab.grading import Student

NAMES = st.text(min_size=1, max_size=30).filter(lambda t: any(c.isalnum() for c in t))


@given(NAMES)
def test_users_of_any_student_are_users_that_an_exchange_takes(name):
    student = Student(name)
    exchange = Exchange()
    for index in range(5):
        exchange = exchange.with_user(
            User(
                extension=student.extension(index),
                name=student.name(index),
                secret=student.secret(index),
            )
        )
    assert len({student.extension(index) for index in range(100)}) == 100
    assert len({student.name(index) for index in range(60)}) == 60


@given(NAMES)
def test_a_key_is_a_file_name(name):
    key = Student(name).key
    assert key.isascii()
    assert key.replace("-", "").isalnum()
    assert len(key) < 60


def test_they_are_the_same_in_another_process():
    line = (
        "from voiplab.grading import Student; s = Student('Zoë'); print(s.extension(3), s.secret())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", line],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    zoe = Student("Zoë")
    assert said == {f"{zoe.extension(3)} {zoe.secret()}\n"}
    # Published with this version: a student who comes back a year later is still the same.
    assert (zoe.extension(3), zoe.name(3), zoe.number("x", 1, 100)) == ("5914", "Louis", 7)


def test_neighbours_share_nothing_in_a_class_of_forty():
    students = [Student(f"student {number}") for number in range(40)]
    own = {
        (student.extension(0), student.extension(1), student.secret(0), student.name(0))
        for student in students
    }
    assert len(own) == 40
    assert len({student.secret(0) for student in students}) == 40


def test_numbers_stay_within_their_bounds_and_reach_them():
    numbers = {Student(f"s{index}").number("n", 3, 5) for index in range(50)}
    assert numbers == {3, 4, 5}
    assert Student("Ada").number("n", 7, 7) == 7
    with pytest.raises(GradingError, match="swap the two"):
        Student("Ada").number("n", 2, 1)


@pytest.mark.parametrize("name", ["", "  ", "…", "\n"])
def test_nobody_is_no_student(name):
    with pytest.raises(GradingError, match="give your own name or student number"):
        Student(name)


def test_case_and_space_make_no_other_student():
    assert Student("Grace  Hopper ").key == Student("grace hopper").key
    assert Student("Grace Hoper").key != Student("Grace Hopper").key
    assert Student("Ａda").extension() == Student("Ada").extension()  # noqa: RUF001 - full width
