"""What telephones cost over the years, how sure that is, and what would change it."""

from voiplab.costs.assumption import Assumption, Basis, Shape
from voiplab.costs.assumptions import Assumptions
from voiplab.costs.break_even import (
    FEWEST_USERS,
    MOST_USERS,
    BreakEven,
    break_even,
    cost_by_users,
    office_sizes,
)
from voiplab.costs.comparison import LEVELS, Comparison, compare
from voiplab.costs.cost import Cost, cost_of
from voiplab.costs.demand import Demand, Destination
from voiplab.costs.design import Design
from voiplab.costs.flow import Flow, discounted_payments, payments
from voiplab.costs.hosted import Hosted
from voiplab.costs.office import Office
from voiplab.costs.part import Part
from voiplab.costs.reversal import reversals
from voiplab.costs.scenario import Scenario
from voiplab.costs.self_hosted import SelfHosted
from voiplab.costs.tornado import explain_movers, tornado
from voiplab.costs.traditional import TraditionalLines

__all__ = [
    "FEWEST_USERS",
    "LEVELS",
    "MOST_USERS",
    "Assumption",
    "Assumptions",
    "Basis",
    "BreakEven",
    "Comparison",
    "Cost",
    "Demand",
    "Design",
    "Destination",
    "Flow",
    "Hosted",
    "Office",
    "Part",
    "Scenario",
    "SelfHosted",
    "Shape",
    "TraditionalLines",
    "break_even",
    "compare",
    "cost_by_users",
    "cost_of",
    "discounted_payments",
    "explain_movers",
    "office_sizes",
    "payments",
    "reversals",
    "tornado",
]
