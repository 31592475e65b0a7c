"""The E-model of ITU-T G.107 (06/2015): from a connection's parameters to its rating factor R.

R = Ro − Is − Id − Ie,eff + A: a good connection's signal to noise, less what hurts it, plus what
its users forgive. Each term is a function of a :class:`Transmission`; equation numbers are not
quoted, since they differ from edition to edition, but section numbers are.
"""

from math import exp, log2, log10, pow, sqrt  # noqa: A004 - always a float, unlike the built-in

from voiplab.quality.transmission import Transmission

_SIDETONE_MS = 1  # an echo sooner than this is heard as sidetone
_LOUD_SIDETONE_DB = 9
_SOFT_SIDETONE_DB = 20


def rating_factor(connection: Transmission) -> float:
    """Return R, the transmission rating factor: about 0 (hopeless) to 93.2 (the default).

    Source: ITU-T G.107, section 7.1.

    Args:
        connection: what lies between mouth and ear.

    >>> round(rating_factor(Transmission()), 1)
    93.2
    >>> round(rating_factor(Transmission(Ppl=5)), 1)
    42.1
    """
    return (
        basic_signal_to_noise_ratio(connection)
        - simultaneous_impairment(connection)
        - delay_impairment(connection)
        - effective_equipment_impairment(connection)
        + connection.A
    )


def basic_signal_to_noise_ratio(connection: Transmission) -> float:
    """Return Ro: speech against the noise of circuits and rooms.

    Source: ITU-T G.107, section 7.2.

    >>> round(basic_signal_to_noise_ratio(Transmission()), 2)
    94.77
    """
    return 15 - 1.5 * (connection.SLR + _noise_dbm0p(connection))


def _noise_dbm0p(connection: Transmission) -> float:
    """Return No, the power sum of all noise, referred to the 0 dBr point."""
    overall_loudness = connection.SLR + connection.RLR
    sender_room = (
        connection.Ps
        - connection.SLR
        - connection.Ds
        - 100
        + 0.004 * (connection.Ps - overall_loudness - connection.Ds - 14) ** 2
    )
    heard_room = connection.Pr + 10 * log10(1 + 10 ** ((10 - connection.LSTR) / 10))
    receiver_room = connection.RLR - 121 + heard_room + 0.008 * (heard_room - 35) ** 2
    floor = connection.Nfor + connection.RLR
    levels = (connection.Nc, sender_room, receiver_room, floor)
    return 10 * log10(sum(10 ** (level / 10) for level in levels))


def simultaneous_impairment(connection: Transmission) -> float:
    """Return Is: what hurts at the same time as the voice: loudness, sidetone, quantisation.

    Source: ITU-T G.107, section 7.3.

    >>> round(simultaneous_impairment(Transmission()), 2)
    1.41
    """
    return _loudness(connection) + _sidetone(connection) + _quantisation(connection)


def _loudness(connection: Transmission) -> float:
    """Return Iolr: the connection is too loud."""
    x = (
        connection.SLR + connection.RLR + 0.2 * (64 + _noise_dbm0p(connection) - connection.RLR)
    ) / 8
    return 20 * (_root(1 + x**8, 8) - x)


def _sidetone(connection: Transmission) -> float:
    """Return Ist: talkers hear themselves too loud or too soft."""
    stmr = -10 * log10(
        10 ** (-connection.STMR / 10) + exp(-connection.T / 4) * 10 ** (-connection.TELR / 10)
    )
    return (
        12 * _root(1 + ((stmr - 13) / 6) ** 8, 8)
        - 28 * _root(1 + ((stmr + 1) / 19.4) ** 35, 35)
        - 13 * _root(1 + ((stmr - 3) / 33) ** 13, 13)
        + 29
    )


def _quantisation(connection: Transmission) -> float:
    """Return Iq: coders and decoders one after the other."""
    q = 37 - 15 * log10(connection.qdu)
    g = 1.07 + 0.258 * q + 0.0602 * q**2
    y = (basic_signal_to_noise_ratio(connection) - 100) / 15 + 46 / 8.4 - g / 9
    z = 46 / 30 - g / 40
    return 15 * log10(1 + 10**y + 10**z)


def delay_impairment(connection: Transmission) -> float:
    """Return Id: what comes too late: the talker's echo, the listener's echo, the answer.

    Source: ITU-T G.107, section 7.4.

    >>> round(delay_impairment(Transmission()), 2)
    0.15
    """
    return (
        talker_echo_impairment(connection)
        + listener_echo_impairment(connection)
        + absolute_delay_impairment(connection)
    )


def talker_echo_impairment(connection: Transmission) -> float:
    """Return Idte: talkers hear their own words again.

    It begins at a delay of 1 ms; an earlier echo can't be told from sidetone. Where there is next
    to no echo, the Recommendation's formula gives slightly less than nothing there (−0.11 with
    the defaults): that is kept, so that our figures are those of any other E-model.

    Source: ITU-T G.107, section 7.4.

    >>> worse = Transmission(T=100, TELR=35)
    >>> talker_echo_impairment(worse) > talker_echo_impairment(Transmission(T=100))
    True
    """
    t = connection.T
    if t < _SIDETONE_MS:
        return 0.0
    echo_rating = connection.TELR - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t * t)
    if connection.STMR < _LOUD_SIDETONE_DB:
        echo_rating += _sidetone(connection) / 2
    undisturbed = -1.5 * (_noise_dbm0p(connection) - connection.RLR)
    half = (undisturbed - (80 + 2.5 * (echo_rating - 14))) / 2
    impairment = (half + sqrt(half**2 + 100) - 1) * (1 - exp(-t))
    if connection.STMR > _SOFT_SIDETONE_DB:
        return sqrt(impairment**2 + _sidetone(connection) ** 2)
    return impairment


def listener_echo_impairment(connection: Transmission) -> float:
    """Return Idle: listeners hear the talker's words twice.

    Source: ITU-T G.107, section 7.4.

    >>> round(listener_echo_impairment(Transmission()), 2)
    0.15
    """
    undisturbed = 10.5 * (connection.WEPL + 7) / _root(connection.Tr + 1, 4)
    half = (basic_signal_to_noise_ratio(connection) - undisturbed) / 2
    return half + sqrt(half**2 + 169)


def absolute_delay_impairment(connection: Transmission) -> float:
    """Return Idd: the other side answers so late that people talk into each other's words.

    Source: ITU-T G.107, section 7.4.

    >>> absolute_delay_impairment(Transmission(Ta=100))
    0.0
    >>> round(absolute_delay_impairment(Transmission(Ta=400)), 1)
    24.1
    """
    if connection.Ta <= connection.mT:
        return 0.0
    x = log2(connection.Ta / connection.mT)
    n = 6 * connection.sT
    return 25 * (_root(1 + pow(x, n), n) - 3 * _root(1 + pow(x / 3, n), n) + 2)


def effective_equipment_impairment(connection: Transmission) -> float:
    """Return Ie,eff: what the codec does to speech, made worse by lost packets.

    Source: ITU-T G.107, section 7.5.

    >>> effective_equipment_impairment(Transmission(Ie=11, Bpl=19))
    11.0
    >>> round(effective_equipment_impairment(Transmission(Ppl=4.3, Bpl=4.3)), 1)
    47.5
    """
    ie, ppl = connection.Ie, connection.Ppl
    return ie + (95 - ie) * ppl / (ppl / connection.BurstR + connection.Bpl)


def _root(x: float, degree: float) -> float:
    return pow(x, 1 / degree)
