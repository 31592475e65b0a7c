"""What money is spent on."""

from enum import StrEnum


class Part(StrEnum):
    """The parts of a total, in the order in which a figure stacks them."""

    EQUIPMENT = "equipment"
    MIGRATION = "installation and training"
    MAINTENANCE = "maintenance and support"
    STAFF = "staff"
    LICENCES = "licences"
    LINES = "lines and numbers"
    CALLS = "calls"
    INTERNET = "internet access"
    ENERGY = "energy"
    SECURITY = "security incidents"
