"""A neighbour's answer: right names, in the order of letters that the neighbour was given."""

import checks

from voiplab.grading import Student, Worksheet

TASK, CHECK = "networks", tuple(f"network {letter}" for letter in "ABCDE")


def bring_about(work: Worksheet) -> dict[str, str]:
    mine = checks.names_of_networks(work.student)
    students = (Student(f"neighbour {number}") for number in range(1000))
    return next(
        theirs
        for theirs in map(checks.names_of_networks, students)
        if all(theirs[letter] != mine[letter] for letter in mine)
    )
