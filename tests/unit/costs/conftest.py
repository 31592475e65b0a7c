"""A table of round figures, so that a cost can be worked out by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voiplab.costs import Assumption, Assumptions, Basis

# item: (low, likely, high, unit); a unit that begins with "a" is a price's.
ROUND = {
    "isdn2-channel-rental": (15, 20, 25, "a channel a month"),
    "isdn2-connection": (50, 100, 150, "a line"),
    "isdn30-channel-rental": (12, 15, 18, "a channel a month"),
    "isdn30-connection": (20, 40, 60, "a channel"),
    "isdn30-minimum-channels": (8, 8, 8, "channels"),
    "isdn-ddi-rental": (0.5, 1, 1.5, "a number a month"),
    "pbx-base": (1000, 2000, 4000, "a system"),
    "pbx-port": (50, 100, 150, "a user"),
    "pbx-trunk-card": (25, 50, 75, "a channel"),
    "pbx-installation": (30, 60, 90, "a user"),
    "pbx-maintenance": (0.05, 0.1, 0.2, "fraction a year"),
    "pbx-users-a-system": (100, 100, 100, "users a system"),
    "pbx-installation-days": (1, 2, 3, "days"),
    "pbx-operation-hours": (6, 12, 24, "hours a system a year"),
    "pbx-admin-hours": (0.6, 1.2, 2.4, "hours a user a year"),
    "digital-handset": (100, 150, 200, "a phone"),
    "pstn-call-setup": (0.05, 0.1, 0.2, "a call"),
    "pstn-minute-geographic": (0.01, 0.02, 0.04, "a minute"),
    "pstn-minute-mobile": (0.05, 0.1, 0.2, "a minute"),
    "pstn-minute-international-eu": (0.1, 0.2, 0.3, "a minute"),
    "pstn-minute-international-us": (0.1, 0.3, 0.4, "a minute"),
    "sip-channel-rental": (4, 6, 8, "a channel a month"),
    "sip-channel-setup": (0, 5, 10, "a channel"),
    "sip-ddi-rental": (0.2, 0.4, 0.8, "a number a month"),
    "sip-minute-geographic": (0.005, 0.01, 0.02, "a minute"),
    "sip-minute-mobile": (0.03, 0.05, 0.07, "a minute"),
    "sip-minute-international-eu": (0.01, 0.02, 0.03, "a minute"),
    "sip-minute-international-us": (0.02, 0.03, 0.04, "a minute"),
    "number-porting-range": (40, 50, 60, "a range"),
    "ip-desk-phone": (50, 80, 150, "a phone"),
    "headset": (20, 40, 80, "a headset"),
    "softphone-licence": (0, 0, 0, "a user"),
    "server-small": (300, 500, 900, "a server"),
    "server-medium": (900, 1500, 3000, "a server"),
    "server-large": (3000, 5000, 9000, "a server"),
    "vm-month": (10, 20, 40, "a VM a month"),
    "poe-switch-port": (10, 20, 40, "a port"),
    "ups": (300, 400, 500, "a UPS"),
    "structured-cabling": (60, 100, 200, "a point"),
    "asterisk-licence": (0, 0, 0, "a year"),
    "asterisk-support": (0, 500, 900, "a server a year"),
    "hosted-seat-standard": (8, 15, 25, "a user a month"),
    "hosted-included-minutes": (500, 1000, 2000, "minutes a user a month"),
    "hosted-minute-international": (0.02, 0.05, 0.1, "a minute"),
    "hosted-setup": (0, 25, 50, "a user"),
    "hosted-volume-discount": (0.1, 0.2, 0.4, "fraction"),
    "internet-sogea": (30, 40, 50, "a month"),
    "internet-fttp": (40, 60, 80, "a month"),
    "leased-line-100": (200, 300, 400, "a month"),
    "leased-line-1000": (500, 900, 1500, "a month"),
    "internet-backup": (15, 30, 60, "a month"),
    "upstream-sogea": (10, 18, 20, "Mbit/s"),
    "upstream-fttp": (30, 60, 100, "Mbit/s"),
    "voice-share-of-access": (0.2, 0.33, 0.5, "fraction"),
    "staff-hour": (20, 30, 50, "an hour"),
    "contractor-day": (300, 400, 600, "a day"),
    "user-hour": (15, 20, 30, "an hour"),
    "asterisk-admin-hours": (0.3, 0.6, 1.2, "hours a user a year"),
    "asterisk-operation-hours": (30, 60, 200, "hours a server a year"),
    "spare-server-hours": (0.1, 0.5, 0.9, "fraction"),
    "asterisk-installation-days": (2, 3, 8, "days"),
    "asterisk-migration-hours": (0.5, 1, 2, "hours a user"),
    "hosted-admin-hours": (0.2, 0.3, 0.6, "hours a user a year"),
    "hosted-operation-hours": (6, 12, 24, "hours an office a year"),
    "hosted-installation-days": (0.5, 1, 2, "days"),
    "hosted-migration-hours": (0.25, 0.5, 1, "hours a user"),
    "training-hours": (0.25, 0.5, 1, "hours a user"),
    "security-incident-cost": (100, 1000, 9000, "an incident"),
    "security-incident-rate": (0.01, 0.1, 0.2, "incidents a year"),
    "electricity": (0.2, 0.25, 0.3, "a kWh"),
    "power-ip-phone": (2, 4, 6, "W a phone"),
    "power-digital-phone": (1, 2, 3, "W a phone"),
    "power-pbx-base": (50, 100, 200, "W a system"),
    "power-pbx-port": (0.5, 1, 2, "W a user"),
    "power-server-small": (10, 20, 40, "W a server"),
    "power-server-medium": (60, 100, 200, "W a server"),
    "power-server-large": (150, 200, 400, "W a server"),
    "power-switch-port": (0.5, 1, 2, "W a port"),
    "cooling-factor": (1.2, 1.5, 2, "factor"),
    "minutes-outgoing": (3, 6, 12, "minutes a user a working day"),
    "minutes-incoming": (3, 6, 12, "minutes a user a working day"),
    "minutes-internal": (2, 5, 9, "minutes a user a working day"),
    "call-length": (2, 3, 4, "minutes a call"),
    "share-geographic": (0.4, 0.5, 0.6, "fraction"),
    "share-mobile": (0.2, 0.25, 0.3, "fraction"),
    "share-international": (0.05, 0.1, 0.2, "fraction"),
    "share-international-us": (0.4, 0.5, 0.6, "fraction"),
    "busy-hour-share": (0.15, 0.25, 0.3, "fraction"),
    "working-days": (220, 240, 250, "days a year"),
    "blocking-target": (0.005, 0.01, 0.02, "fraction"),
    "discount-rate": (0.05, 0.1, 0.15, "fraction a year"),
    "life-phone": (4, 6, 8, "years"),
    "life-pbx": (7, 10, 15, "years"),
    "life-server": (4, 5, 7, "years"),
    "life-switch": (5, 7, 9, "years"),
    "life-ups": (4, 6, 8, "years"),
}
PRICES = Path(__file__).parents[3] / "notebooks" / "data" / "prices.csv"


def build_assumption(item: str, low: float, likely: float, high: float, unit: str) -> Assumption:
    return Assumption(
        item=item,
        description=f"what {item} is",
        low=low,
        likely=likely,
        high=high,
        currency="GBP" if unit.startswith(("a ", "an ")) else "",
        unit=unit,
        dated="2026-11-25",
        sources=(),
        basis=Basis.ASSUMPTION,
    )


@pytest.fixture(scope="session")
def assumption() -> Callable[..., Assumption]:
    return build_assumption


@pytest.fixture(scope="session")
def prices_path() -> Path:
    return PRICES


@pytest.fixture(scope="session")
def round_figures() -> Assumptions:
    return Assumptions([build_assumption(item, *figures) for item, figures in ROUND.items()])


@pytest.fixture(scope="session")
def prices() -> Assumptions:
    return Assumptions.read(PRICES)
