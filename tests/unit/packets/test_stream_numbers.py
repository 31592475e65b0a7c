"""Streams are told apart, whatever their addresses and SSRCs."""

import numpy as np
import pytest

from voiplab.packets.stream_numbers import StreamNumbers

TOP = 1 << 63


@pytest.mark.parametrize(
    "keys",
    [[[0, 0], [TOP, TOP]], [[0, 0], [TOP, TOP], [TOP, 0], [0, TOP]], [[5, 7], [5 + TOP, 7 + TOP]]],
)
def test_keys_that_any_factor_mixes_into_one_are_told_apart(keys):
    names = []
    numbers = StreamNumbers(lambda key: names.append(key) or len(names) - 1)
    assert sorted(numbers.of(np.array(keys, np.uint64)).tolist()) == list(range(len(keys)))
    assert [bytes(np.array(key, np.uint64)) for key in keys] == [
        names[number] for number in numbers.of(np.array(keys, np.uint64))
    ]
