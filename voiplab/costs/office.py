"""Who is to have telephones."""

from dataclasses import dataclass

from voiplab.errors import CostError


@dataclass(frozen=True, kw_only=True)
class Office:
    """An office at one site, and what it has already.

    Attributes:
        users: people with an extension and a number of their own.
        years: how long the study lasts.
        internet_there: whether an access to the internet is paid for anyway, and wide enough.
        backup_internet: whether telephones that need the internet get a second access.
        poe_there: whether switches that can feed telephones are there.
        telephone_wiring_there: whether each desk has a pair of wires for a telephone.
        pbx_there: whether a traditional PBX with its telephones is there and paid for.

    Raises:
        CostError: when nobody works there, or the study lasts for less than a year.
    """

    users: int
    years: int = 5
    internet_there: bool = True
    backup_internet: bool = True
    poe_there: bool = True
    telephone_wiring_there: bool = True
    pbx_there: bool = False

    def __post_init__(self) -> None:
        if self.users < 1:
            raise CostError(f"An office has 1 user or more; not {self.users}.")
        if self.years < 1:
            raise CostError(f"A study lasts for 1 year or more; not {self.years}.")
