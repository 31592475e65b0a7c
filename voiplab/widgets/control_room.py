"""All the panels of a lab, laid out for a projector."""

from collections.abc import Mapping, Sequence
from html import escape

import ipywidgets

from voiplab.lab import Lab, RecordedLab
from voiplab.widgets.calls import calls_panel
from voiplab.widgets.network import network_panel
from voiplab.widgets.pages import Pages
from voiplab.widgets.panel import Panel, close_inside
from voiplab.widgets.phones import phones_panel
from voiplab.widgets.quality import quality_panel
from voiplab.widgets.recorded_room import recorded_pages, recorded_title
from voiplab.widgets.server import server_panel
from voiplab.widgets.users import users_panel
from voiplab.widgets.words import _


class ControlRoom(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Panels on pages under tabs, side by side as far as there is room; the panels scroll inside.

    Args:
        title: what stands above them.
        pages: the panels of each page, by the title of its tab; a panel may be on several.

    >>> room = ControlRoom("Lab demo", {"Users": [Panel("Users")], "Server": [Panel("Server")]})
    >>> room
    <ControlRoom 'Lab demo': Users, Server>
    >>> room["Server"]
    <Panel 'Server', idle>
    """

    def __init__(self, title: str, pages: Mapping[str, Sequence[Panel]]) -> None:
        self.panels = list(dict.fromkeys(panel for page in pages.values() for panel in page))
        self.title = title
        heading = ipywidgets.HTML(f"<h2>{escape(title)}</h2>")
        heading.add_class("voiplab-heading")
        self.pages = Pages(title, {tab: _page(panels) for tab, panels in pages.items()})
        super().__init__([heading, self.pages])
        self.add_class("voiplab-room")

    def __repr__(self) -> str:
        return f"<ControlRoom {self.title!r}: {', '.join(panel.title for panel in self.panels)}>"

    def __getitem__(self, title: str) -> Panel:
        """Return the panel with a title.

        Raises:
            KeyError: when there is none.
        """
        for panel in self.panels:
            if panel.title == title:
                return panel
        raise KeyError(title)

    def close(self) -> None:
        """Close its panels, and take it from the page."""
        close_inside(self)
        super().close()


def _page(panels: Sequence[Panel]) -> ipywidgets.HBox:
    page = ipywidgets.HBox(list(panels))
    page.add_class("voiplab-page")
    return page


_shown: dict[str, ControlRoom] = {}


def control_room(lab: Lab | RecordedLab) -> ControlRoom:
    """Show a lab as one control room: its users, phones, calls, their quality, network and PBX.

    Args:
        lab: one that runs; or the recording of one, of which it shows what can be shown.

    Returns:
        The room. A former one of the same lab is closed.

    Raises:
        LabStopped: when the lab does not run.
    """
    if not isinstance(lab, RecordedLab):
        lab.check_running()
    former = _shown.pop(lab.name, None)
    if former is not None:
        former.close()
    room = _shown[lab.name] = _recorded(lab) if isinstance(lab, RecordedLab) else _live(lab)
    return room


def _live(lab: Lab) -> ControlRoom:
    phones = phones_panel(lab)
    return ControlRoom(
        _("Lab {name}").format(name=lab.name),
        {
            _("Quality"): [phones, quality_panel(lab), network_panel(lab)],
            _("Ladders"): [phones, calls_panel(lab)],
            _("Users"): [users_panel(lab)],
            _("Server"): [server_panel(lab)],
        },
    )


def _recorded(lab: RecordedLab) -> ControlRoom:
    return ControlRoom(recorded_title(lab), recorded_pages(lab))
