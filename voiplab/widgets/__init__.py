"""What a notebook shows and lets be clicked; each widget takes data and callbacks."""

from voiplab.widgets.browser_phone import BrowserPhone
from voiplab.widgets.calls import CallsPanel, calls_panel
from voiplab.widgets.control_room import ControlRoom, control_room
from voiplab.widgets.costs import CostPanel
from voiplab.widgets.decision import DecisionPanel
from voiplab.widgets.network import NetworkPanel, network_panel
from voiplab.widgets.panel import Panel
from voiplab.widgets.phones import PhonesPanel, phones_panel
from voiplab.widgets.quality import QualityPanel, quality_panel
from voiplab.widgets.server import ServerPanel, server_panel
from voiplab.widgets.users import UsersPanel, users_panel

__all__ = [
    "BrowserPhone",
    "CallsPanel",
    "ControlRoom",
    "CostPanel",
    "DecisionPanel",
    "NetworkPanel",
    "Panel",
    "PhonesPanel",
    "QualityPanel",
    "ServerPanel",
    "UsersPanel",
    "calls_panel",
    "control_room",
    "network_panel",
    "phones_panel",
    "quality_panel",
    "server_panel",
    "users_panel",
]
