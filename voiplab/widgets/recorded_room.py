"""The control room of a recorded lab: what can be shown from evidence, and nothing to click."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets

from voiplab.ami import Event
from voiplab.lab.switchboard import Switchboard
from voiplab.widgets.button import row
from voiplab.widgets.calls import CallsPanel
from voiplab.widgets.field import Field
from voiplab.widgets.panel import Panel
from voiplab.widgets.quality import QualityPanel
from voiplab.widgets.source import Source
from voiplab.widgets.table import Table
from voiplab.widgets.words import _

if TYPE_CHECKING:
    from voiplab.lab import RecordedCall, RecordedLab
    from voiplab.lab.switchboard import PbxCall
    from voiplab.packets import Ladder


class Texts(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Texts, one of which is shown.

    Args:
        label: what they are.
        texts: by what each is called.

    >>> texts = Texts("Files", {"pjsip.conf": "[2001]", "rtp.conf": "[general]"})
    >>> texts.chosen.value = "rtp.conf"
    >>> texts.source.text
    '[general]'
    """

    def __init__(self, label: str, texts: Mapping[str, str]) -> None:
        first = next(iter(texts), "")
        self.chosen = Field(
            label, kind="choice", value=first, options=[(each, each) for each in texts]
        )
        self.chosen.add_class("voiplab-wide")
        self.source = Source(label)
        self._texts = dict(texts)
        self.chosen.observe(lambda _change: self._show(), "value")
        super().__init__([row(self.chosen), self.source])
        self._show()

    def _show(self) -> None:
        self.source.show(self._texts.get(self.chosen.value, _("Nothing was recorded.")))


def recorded_pages(lab: "RecordedLab") -> dict[str, list[Panel]]:
    """Return the pages of a recorded lab's control room: as a live one's, without what acts.

    Args:
        lab: the recording.
    """
    left = _left_behind(lab)
    return {
        _("Quality"): [left, _quality(lab)],
        _("Ladders"): [left, _calls(lab)],
        _("Users"): [_users(lab)],
        _("Server"): [_server(lab)],
    }


def recorded_title(lab: "RecordedLab") -> str:
    """Return what stands above them.

    Args:
        lab: the recording.
    """
    return _("Recording of {day}, not a live lab: {name}").format(day=lab.made.day, name=lab.name)


def _text(*paragraphs: str) -> ipywidgets.HTML:
    """Paragraphs that can be reached by keyboard: where they are long, what is around scrolls."""
    inside = "".join(f"<p>{escape(each)}</p>" for each in paragraphs)
    return ipywidgets.HTML(f'<div tabindex="0">{inside}</div>')


def _left_behind(lab: "RecordedLab") -> Panel:
    about = _text(
        _("This is what a lab left behind on {day}. Made by: {command}").format(
            day=lab.made.day, command=lab.made.command
        ),
        _(
            "Whatever can be computed from that is shown. In a live lab, this is where the phones "
            "are: they call, answer and talk, and their networks can be made worse. Here nothing "
            "of that can be done, nor users added, nor the PBX stopped."
        ),
        _(
            "A live lab takes a container engine: make setup sets one up, or start Docker "
            "Desktop; then run the notebook again from its top."
        ),
    )
    return Panel(_("A recording"), [ipywidgets.VBox([about, *_sounds(lab)])])


def _quality(lab: "RecordedLab") -> QualityPanel:
    panel = QualityPanel()
    if lab.calls:
        panel.show(lab.calls[-1].evidence)
    return panel


def _sounds(lab: "RecordedLab") -> list[ipywidgets.Widget]:
    """What each phone of the last call heard, to be played."""
    players = []
    for call in lab.calls[-1:]:
        for user in [leg.user for leg in call.evidence.record.legs if leg.heard]:
            heard = _("What {user} heard").format(user=f"{user} {_name(lab, user)}".strip())
            players += [_text(heard), _player(call.evidence.recording(user))]
    return players


def _name(lab: "RecordedLab", extension: str) -> str:
    return next((user.name for user in lab.users if user.extension == extension), "")


def _player(file: Path) -> ipywidgets.Widget:
    return ipywidgets.Audio(
        value=file.read_bytes(), format=file.suffix[1:], autoplay=False, loop=False
    )


def _calls(lab: "RecordedLab") -> CallsPanel:
    calls = {call.id: (call, made) for made in lab.calls for call in _as_told(made)}
    places = {id_: lab.calls.index(made) - len(lab.calls) for id_, (_call, made) in calls.items()}

    @cache
    def ladder(call: str) -> "Ladder":
        return calls[call][1].ladder()

    return CallsPanel(
        calls=lambda: [call for call, _made in calls.values()],
        ladder=ladder,
        told=lambda _call: 1,
        hang_up=lambda call: calls[call][1].hang_up(),
        python=lambda call, what: f"lab.calls[{places[call]}].{what}()",
    )


def _as_told(made: "RecordedCall") -> "list[PbxCall]":
    """The call as Asterisk told of it in its events."""
    board = Switchboard()
    for told in made.evidence.events().to_dict(orient="records"):
        fields = {str(name): value for name, value in told.items() if isinstance(value, str)}
        board.follow(Event(told["time_s"], told["event"], fields))
    return list(board.calls.values())


def _users(lab: "RecordedLab") -> Panel:
    tables = lab.recording.registrations
    contacts = {
        each.extension: each.contact for each in (tables[-1] if tables else ()) if each.registered
    }
    kinds = {True: _("softphone"), False: _("none of the lab's"), "browser": _("in the browser")}
    table = Table(
        {
            "extension": _("Extension"),
            "name": _("Name"),
            "phone": _("Phone"),
            "contact": _("Registered at"),
        },
        key="extension",
        caption=_("The users that the PBX had"),
        empty=_("Nobody."),
    )
    table.show(
        {
            "extension": user.extension,
            "name": user.name,
            "phone": kinds[user.asked.phone],
            "contact": contacts.get(user.extension, _("not registered")),
        }
        for user in lab.users
    )
    files = lab.calls[-1].evidence.configuration() if lab.calls else {}
    # What a user is made of comes first.
    first = sorted(files, key=lambda name: (name not in {"extensions.conf", "pjsip.conf"}, name))
    configuration = Texts(
        _("Asterisk's configuration during the last call"), {name: files[name] for name in first}
    )
    return Panel(_("Users"), [ipywidgets.VBox([table, configuration])])


def _server(lab: "RecordedLab") -> Panel:
    made_of = ", ".join(f"{name} {version}" for name, version in lab.software().items())
    about = _text(
        _("There is no server behind this page: it is a recording of {day}.").format(
            day=lab.made.day
        ),
        _("The lab was made of: {parts}.").format(parts=made_of),
    )
    answers = Texts(_("What Asterisk was asked, and what it printed"), lab.answers)
    return Panel(_("Server"), [ipywidgets.VBox([about, answers])])
