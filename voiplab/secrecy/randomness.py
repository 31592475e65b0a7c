"""Whether bytes look random, as what a good cipher gives does."""

import zlib
from dataclasses import dataclass
from functools import cached_property
from math import erfc, log2, sqrt

FALSE_ALARM = 1e-6
"""How seldom truly random bytes are to be taken for something else, by all tests together."""

LEAST_BYTES = 1280
"""Five for each value that a byte can have: the least for a chi-square test (Knuth, 3.3.1)."""

_VALUES = 256


@dataclass(frozen=True)
class Randomness:
    """Bytes, put to tests that random ones pass.

    Each test gives a p-value: how often random bytes would look so or worse. They fail where one
    of the three is below a third of :data:`FALSE_ALARM`; that they pass proves nothing about a
    cipher, that they fail proves that there is none, or a bad one.

    Sources: D. E. Knuth, The Art of Computer Programming 2, 3rd edition: 3.3.1 (chi-square) and
    3.3.2 K (serial correlation); NIST SP 800-22 rev. 1a, 2.1 (frequency of ones); C. E. Shannon,
    Bell System Technical Journal 27 (1948), for the entropy.

    Attributes:
        data: the bytes.

    >>> Randomness(bytes(range(256)) * 8).entropy_bits
    8.0
    >>> Randomness(b"no, not at all " * 100).passed
    False
    """

    data: bytes

    def __repr__(self) -> str:
        verdict = "random" if self.passed else "not random"
        return (
            f"<{len(self.data)} bytes, {self.entropy_bits:.3f} bits of entropy in each: "
            f"{verdict} (p = {self.p:.2g})>"
        )

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How often each of the 256 values occurs."""
        return tuple(self.data.count(value) for value in range(_VALUES))

    @property
    def entropy_bits(self) -> float:
        """The entropy of the values' frequencies, in bits a byte: 8 is the most.

        Of n random bytes it is, on average, 255 / (2 n ln 2) less than 8 (G. A. Miller, 1955).
        """
        total = len(self.data)
        shares = (count / total for count in self.counts if count)
        return 0.0 - sum(share * log2(share) for share in shares)

    @property
    def chi_square(self) -> float:
        """How far the values' frequencies are from equal; 255 on average for random bytes."""
        expected = len(self.data) / _VALUES
        if not expected:
            return 0.0
        return sum((count - expected) ** 2 for count in self.counts) / expected

    @property
    def chi_square_p(self) -> float:
        """How often random bytes have at least that chi-square, or, if small, at most that."""
        from scipy.stats import chi2  # noqa: PLC0415 - heavy: loaded when bytes are tested

        above = float(chi2.sf(self.chi_square, _VALUES - 1))
        return min(1.0, 2 * min(above, 1 - above))

    @property
    def serial_correlation(self) -> float:
        """How much a byte tells of the next, in a ring: 0 nothing, 1 or -1 all."""
        total = len(self.data)
        products = sum(a * b for a, b in zip(self.data, self.data[1:] + self.data[:1], strict=True))
        all_at_once, squares = sum(self.data) ** 2, sum(each * each for each in self.data)
        spread = total * squares - all_at_once
        return (total * products - all_at_once) / spread if spread else 1.0

    @property
    def serial_correlation_p(self) -> float:
        """How often random bytes have at least that serial correlation, either way."""
        total = len(self.data)
        mean = -1 / (total - 1)
        deviation = total / ((total - 1) * sqrt(total - 2))
        return erfc(abs(self.serial_correlation - mean) / deviation / sqrt(2))

    @property
    def ones(self) -> float:
        """Which share of the bits are ones."""
        return sum(each.bit_count() for each in self.data) / (8 * len(self.data))

    @property
    def ones_p(self) -> float:
        """How often random bits have as unequal shares."""
        bits = 8 * len(self.data)
        return erfc(abs(2 * self.ones - 1) * sqrt(bits) / sqrt(2))

    @property
    def compression_ratio(self) -> float:
        """How small they can be made by DEFLATE (RFC 1951), as a share; random bytes: above 1."""
        return len(zlib.compress(self.data, 9)) / len(self.data) if self.data else 1.0

    @property
    def p(self) -> float:
        """The least of the three p-values; 0 where there are too few bytes to tell."""
        if len(self.data) < LEAST_BYTES:
            return 0.0
        return min(self.chi_square_p, self.serial_correlation_p, self.ones_p)

    @property
    def passed(self) -> bool:
        """Whether they look random; too few don't."""
        return self.p >= FALSE_ALARM / 3
