"""The E-model: how people would rate a connection, before anyone has (ITU-T G.107)."""

from dataclasses import dataclass
from math import exp, log2, log10, sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """What the E-model asks about a connection, from mouth to ear.

    Names, units and default values are those of ITU-T G.107, table 2. With all at their default
    the rating is 93.2.

    Attributes:
        slr_db: send loudness rating.
        rlr_db: receive loudness rating.
        stmr_db: sidetone masking rating.
        ds: D-value of the telephone at the send side.
        dr: D-value of the telephone at the receive side.
        telr_db: talker echo loudness rating.
        wepl_db: weighted echo path loss.
        echo_delay_ms: T, the mean one-way delay of the echo path.
        round_trip_ms: Tr, the round-trip delay in the four-wire loop.
        delay_ms: Ta, the absolute one-way delay.
        qdu: number of quantisation distortion units.
        ie: equipment impairment factor of the codec (G.113, appendix I).
        bpl: packet-loss robustness factor of the codec (G.113, appendix I).
        loss_pct: Ppl, the probability that a packet is lost, in percent.
        burst_ratio: BurstR; 1 when losses are independent, more when they come in bursts.
        circuit_noise_dbm0p: Nc, referred to the 0 dBr point.
        noise_floor_dbmp: Nfor, at the receive side.
        room_noise_send_dba: Ps, in decibel, A-weighted.
        room_noise_receive_dba: Pr, in decibel, A-weighted.
        advantage: A, what users forgive for the convenience.
        delay_sensitivity: sT (table 3); 1 by default, less where people interact little.
        smallest_delay_ms: mT (table 3), from which delay is noticed.
    """

    slr_db: float = 8
    rlr_db: float = 2
    stmr_db: float = 15
    ds: float = 3
    dr: float = 3
    telr_db: float = 65
    wepl_db: float = 110
    echo_delay_ms: float = 0
    round_trip_ms: float = 0
    delay_ms: float = 0
    qdu: float = 1
    ie: float = 0
    bpl: float = 4.3
    loss_pct: float = 0
    burst_ratio: float = 1
    circuit_noise_dbm0p: float = -70
    noise_floor_dbmp: float = -64
    room_noise_send_dba: float = 35
    room_noise_receive_dba: float = 35
    advantage: float = 0
    delay_sensitivity: float = 1
    smallest_delay_ms: float = 100

    def __post_init__(self) -> None:
        if not 0 <= self.loss_pct <= 100:  # noqa: PLR2004 - percent
            raise ValueError(f"loss_pct is between 0 and 100, not {self.loss_pct}.")
        if min(self.delay_ms, self.echo_delay_ms, self.round_trip_ms) < 0:
            raise ValueError("A delay is not negative.")
        if self.bpl <= 0 or self.burst_ratio <= 0 or self.qdu <= 0:
            raise ValueError("bpl, burst_ratio and qdu are larger than 0.")


def r_factor(connection: Connection) -> float:
    """Return the transmission rating factor R = Ro - Is - Id - Ie,eff + A (G.107, 7-1).

    Args:
        connection: what the model asks about it.

    Returns:
        R, from 0 to 100 in most cases; below 0 and above 100 where the model goes there.

    >>> round(r_factor(Connection()), 1)
    93.2
    """
    signal_to_noise = basic_signal_to_noise(connection)
    return (
        signal_to_noise
        - simultaneous_impairment(connection)
        - delay_impairment(connection)
        - effective_equipment_impairment(
            connection.ie, connection.bpl, connection.loss_pct, connection.burst_ratio
        )
        + connection.advantage
    )


def basic_signal_to_noise(c: Connection) -> float:
    """Return Ro, the basic signal-to-noise ratio (G.107, 7-2)."""
    return 15 - 1.5 * (c.slr_db + _noise_dbm0p(c))


def simultaneous_impairment(c: Connection) -> float:
    """Return Is, what impairs at the same time as speech (G.107, 7-8): loudness, sidetone, PCM."""
    overall = c.slr_db + c.rlr_db
    x = overall + 0.2 * (64 + _noise_dbm0p(c) - c.rlr_db)
    too_loud = 20 * ((1 + (x / 8) ** 8) ** (1 / 8) - x / 8)
    return too_loud + _sidetone_impairment(c) + _quantisation_impairment(c)


def delay_impairment(c: Connection) -> float:
    """Return Id, the impairment by delay and echo (G.107, 7-17)."""
    return _talker_echo_impairment(c) + _listener_echo_impairment(c) + pure_delay_impairment(c)


def pure_delay_impairment(c: Connection) -> float:
    """Return Idd, the impairment by too long a delay, even without echo (G.107, 7-27, 7-28).

    >>> round(pure_delay_impairment(Connection(delay_ms=100)), 3)
    0.0
    """
    if c.delay_ms <= c.smallest_delay_ms:
        return 0.0
    x = log2(c.delay_ms / c.smallest_delay_ms)
    power = 6 * c.delay_sensitivity
    near = (1 + x**power) ** (1 / power)
    far = 3 * (1 + (x / 3) ** power) ** (1 / power)
    return float(25 * (near - far + 2))


def effective_equipment_impairment(
    ie: float, bpl: float, loss_pct: float, burst_ratio: float = 1
) -> float:
    """Return Ie,eff, the impairment by a codec and by lost packets (G.107, 7-29).

    Args:
        ie: equipment impairment factor at no loss.
        bpl: packet-loss robustness factor.
        loss_pct: the probability that a packet is lost, in percent.
        burst_ratio: mean length of the bursts over that expected of independent losses.

    >>> round(effective_equipment_impairment(0, 25.1, 1), 2)  # G.711, concealed, 1 % loss
    3.64
    """
    return ie + (95 - ie) * loss_pct / (loss_pct / burst_ratio + bpl)


def _noise_dbm0p(c: Connection) -> float:
    """No, the power sum of all noise at the 0 dBr point (G.107, 7-3 to 7-7)."""
    overall = c.slr_db + c.rlr_db
    send = c.room_noise_send_dba - c.slr_db - c.ds - 100
    send += 0.004 * (c.room_noise_send_dba - overall - c.ds - 14) ** 2
    listener_sidetone = c.stmr_db + c.dr
    effective = c.room_noise_receive_dba + 10 * log10(1 + 10 ** ((10 - listener_sidetone) / 10))
    receive = c.rlr_db - 121 + effective + 0.008 * (effective - 35) ** 2
    floor = c.noise_floor_dbmp + c.rlr_db
    powers = (c.circuit_noise_dbm0p, send, receive, floor)
    return 10 * log10(sum(10 ** (level / 10) for level in powers))


def _sidetone_impairment(c: Connection) -> float:
    """Ist, by sidetone that is not right (G.107, 7-11, 7-12)."""
    echo = exp(-c.echo_delay_ms / 4) * 10 ** (-c.telr_db / 10)
    stmr = -10 * log10(10 ** (-c.stmr_db / 10) + echo)
    return (
        12 * (1 + ((stmr - 13) / 6) ** 8) ** (1 / 8)
        - 28 * (1 + ((stmr + 1) / 19.4) ** 35) ** (1 / 35)
        - 13 * (1 + ((stmr - 3) / 33) ** 13) ** (1 / 13)
        + 29
    )


def _quantisation_impairment(c: Connection) -> float:
    """Iq, by quantisation (G.107, 7-13 to 7-16)."""
    q = 37 - 15 * log10(c.qdu)
    g = 1.07 + 0.258 * q + 0.0602 * q**2
    y = (basic_signal_to_noise(c) - 100) / 15 + 46 / 8.4 - g / 9
    z = 46 / 30 - g / 40
    return 15 * log10(1 + 10**y + 10**z)


def _talker_echo_impairment(c: Connection) -> float:
    """Idte, by hearing oneself late (G.107, 7-18 to 7-23)."""
    t = c.echo_delay_ms
    if t < 1:
        return 0.0
    terv = c.telr_db - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t**2)
    sidetone = _sidetone_impairment(c)
    if c.stmr_db < 9:  # noqa: PLR2004 - loud sidetone masks echo
        terv += sidetone / 2
    difference = -1.5 * (_noise_dbm0p(c) - c.rlr_db) - (80 + 2.5 * (terv - 14))
    impairment = (difference / 2 + sqrt(difference**2 / 4 + 100) - 1) * (1 - exp(-t))
    if c.stmr_db > 20:  # noqa: PLR2004 - faint sidetone adds to echo
        return sqrt(impairment**2 + sidetone**2)
    return impairment


def _listener_echo_impairment(c: Connection) -> float:
    """Idle, by hearing the other twice (G.107, 7-24, 7-25)."""
    rating = 10.5 * (c.wepl_db + 7) * (c.round_trip_ms + 1) ** -0.25
    difference = basic_signal_to_noise(c) - rating
    return difference / 2 + sqrt(difference**2 / 4 + 169)
