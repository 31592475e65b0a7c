"""The panel in which users are made, changed and removed."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from typing import Any

import ipywidgets

from voiplab.config import Exchange, Row, User, write_class_list
from voiplab.errors import ConfigError
from voiplab.lab import Lab
from voiplab.widgets.button import Question, button, row
from voiplab.widgets.class_list import ClassList
from voiplab.widgets.configuration import ConfigurationView
from voiplab.widgets.pages import Pages
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import called, written
from voiplab.widgets.table import Table
from voiplab.widgets.user_form import UserForm
from voiplab.widgets.words import _, ngettext
from voiplab.widgets.work import Cancelled, Work

_REFRESH_S = 2.0
_AT_ONCE = 4


class UsersPanel(Panel):
    """Users: a table of them, a form for one, a class list for many; and what each click wrote.

    Args:
        exchange: returns the configuration in force.
        registered: returns which extensions are registered.
        softphones: returns which extensions have a softphone.
        add: adds a user, as `Lab.add_user`.
        add_many: adds several with a softphone, as `Lab.add_users`.
        change: changes one, as `Lab.change_user`.
        remove: removes one, as `Lab.remove_user`.
    """

    def __init__(  # noqa: PLR0913 - all are named
        self,
        *,
        exchange: Callable[[], Exchange],
        registered: Callable[[], set[str]],
        softphones: Callable[[], set[str]],
        add: Callable[..., object],
        add_many: Callable[..., object],
        change: Callable[..., object],
        remove: Callable[[str], object],
    ) -> None:
        self._exchange = exchange
        self._registered = registered
        self._softphones = softphones
        self._add_user = add
        self._add_users = add_many
        self._change_user = change
        self._remove_user = remove
        self.table = Table(
            {
                "extension": _("Extension"),
                "name": _("Name"),
                "phone": _("Phone"),
                "codecs": _("Codecs"),
                "voicemail": _("Voicemail"),
            },
            key="extension",
            caption=_("The users of the PBX"),
            empty=_("Nobody yet: describe the first user beside, and click Add user."),
            choosable=True,
        )
        self.form = UserForm()
        self.add = button(_("Add user"), self._add, kind="main")
        self.change = button(_("Save changes"), self._change, kind="main")
        self.remove = button(_("Remove…"), self._ask_removal, kind="stop")
        self.another = button(_("Another user"), self._start_anew)
        self.question = Question()
        self.configuration = ConfigurationView()
        self.class_list = ClassList(
            exchange=exchange,
            written=lambda: write_class_list(exchange(), softphones()),
            add=self._add_rows,
        )
        one = ipywidgets.VBox(
            [self.form, row(self.add, self.change, self.remove, self.another), self.question]
        )
        left = ipywidgets.VBox([self.table])
        right = Pages(
            _("Ways to add users"), {_("One user"): one, _("Class list"): self.class_list}
        )
        columns = ipywidgets.HBox(
            [ipywidgets.VBox([left, self.configuration]), right],
        )
        columns.add_class("voiplab-columns")
        super().__init__(_("Users"), [columns])
        self.form.extension.on_submit(self._submit)
        self.form.name.on_submit(self._submit)
        self.table.observe(lambda _change: self._choose(), "chosen")
        self._offer()
        self._refresh = self.every(_REFRESH_S, self._read, self._show)

    # What is shown

    def _read(self) -> tuple[Exchange, set[str], set[str]]:
        return self._exchange(), self._registered(), self._softphones()

    def _show(self, found: tuple[Exchange, set[str], set[str]]) -> None:
        exchange, registered, softphones = found
        self.form.exchange = exchange
        self.configuration.show_as_it_is(exchange)
        users = sorted(exchange.users, key=lambda user: user.extension)
        self.table.show(
            _row(
                user,
                user.extension in registered,
                _phone(user, softphones),
                encrypted=exchange.security_of(user).encrypted,
            )
            for user in users
        )

    @property
    def chosen(self) -> User | None:
        """The chosen user, as the configuration in force has it."""
        for user in self._exchange().users if self.table.chosen else ():
            if user.extension == self.table.chosen:
                return user
        return None

    def _choose(self) -> None:
        self.question.no()
        user = self.chosen
        if user is None:
            self.form.clear()
        else:
            self.form.fill(user, phone=_phone(user, self._softphones()))
        self._offer()

    def _offer(self) -> None:
        """Offer what can be done: with the chosen user, or without one."""
        chosen = bool(self.table.chosen)
        self.add.layout.display = "none" if chosen else None
        for each in (self.change, self.remove, self.another):
            each.layout.display = None if chosen else "none"

    def _start_anew(self) -> None:
        self.table.chosen = ""
        self.form.extension.focus()

    def _submit(self) -> None:
        (self._change if self.table.chosen else self._add)()

    # What is done

    def _act(self, work: Callable[[Work], object], **said: Any) -> bool:  # noqa: ANN401 - as `do`
        """Do something to the configuration, and show what it did to it."""
        before = self._exchange()

        def show() -> None:
            after = self._exchange()
            if after != before:
                self.configuration.show(before, after)
            self._refresh.soon()
            self.class_list.read_again()

        return self.do(work, lastly=show, **said)

    def _checked(self) -> bool:
        try:
            self.form.exchange = self._exchange()
            self.form.check()
        except ConfigError as error:
            if not self.busy:
                self.fail(error)
            return False
        return True

    def _add(self) -> None:
        if not self._checked():
            return
        extension = self.form.extension.value
        named = self.form.to_add()

        def work(work: Work) -> None:
            self._add_user(extension, **named)
            if work.cancelled:
                self._remove_user(extension)
                raise Cancelled(
                    _("Cancelled: user {extension} was taken back.").format(extension=extension)
                )

        self._act(
            work,
            says=_("Adding user {extension}.").format(extension=extension),
            done=_there(extension, in_browser=named.get("phone") == "browser"),
            python=called("lab.add_user", extension, **named),
            then=lambda _done: self.form.clear(),
            cancellable=True,
        )

    def _change(self) -> None:
        user = self.chosen
        if user is None or not self._checked():
            return
        changes = self.form.to_change()
        if not changes:
            self.say(_("Nothing differs from what user {user} has.").format(user=user.extension))
            return
        python = called("lab.change_user", user.extension, **changes)
        self._act(
            lambda _work: self._change_user(user.extension, **changes),
            says=_("Changing user {user}.").format(user=user.extension),
            done=_("User {user} was changed.").format(user=user.extension),
            python=python.replace("pin=SecretStr('**********')", ""),
        )

    def _ask_removal(self) -> None:
        user = self.chosen
        if user is not None:
            who = f"{user.extension} {user.name}".strip()
            self.question.ask(
                _("Remove {who}, with the phone and its calls?").format(who=who),
                _("Remove"),
                lambda: self._remove(user.extension),
                back=self.remove,
            )

    def _remove(self, extension: str) -> None:
        def gone(_found: object) -> None:
            self._start_anew()

        self._act(
            lambda _work: self._remove_user(extension),
            says=_("Removing user {extension}.").format(extension=extension),
            done=_("User {extension} is gone.").format(extension=extension),
            python=called("lab.remove_user", extension),
            then=gone,
        )

    def _add_rows(self, rows: list[Row]) -> None:
        calls = list(_calls(rows))

        def work(work: Work) -> int:
            added: list[str] = []
            for at, (extensions, many, positional, named) in enumerate(calls):
                if work.cancelled:
                    raise Cancelled(_what_stays(added, len(rows)))
                work.step(
                    _("Adding {users}: {count} of {total} are there.").format(
                        users=", ".join(extensions), count=len(added), total=len(rows)
                    ),
                    at / len(calls),
                )
                (self._add_users if many else self._add_user)(positional, **named)
                added += extensions
            return len(added)

        self._act(
            work,
            says=ngettext("Adding {count} user.", "Adding {count} users.", len(rows)),
            done=lambda count: ngettext(
                "{count} user was added.", "{count} users were added.", count
            ),
            python="\n".join(
                called("lab.add_users" if many else "lab.add_user", positional, **named)
                for many, positional, named in _merged(calls)
            ),
            cancellable=True,
        )


Call = tuple[list[str], bool, Any, dict[str, Any]]


def _calls(rows: list[Row]) -> Iterator[Call]:
    """The calls that add rows: several plain users at once, others one by one."""

    def plain(found: Row) -> tuple[Any, ...] | None:
        user = found.user
        if user is None or user.mailbox or found.phone == "browser":
            return None
        return found.phone, user.codecs

    form = UserForm()
    for kind, group in groupby(rows, plain):
        alike = [(found.user, found.phone) for found in group if found.user]
        if kind is None:
            for user, phone in alike:
                form.fill(user, phone=phone)
                yield [user.extension], False, user.extension, form.to_add()
            continue
        phone, codecs = kind
        named: dict[str, Any] = {} if phone == "softphone" else {"phone": False}
        if codecs != ("ulaw", "alaw"):
            named["codecs"] = codecs
        users = [user for user, _phone in alike]
        for at in range(0, len(users), _AT_ONCE):
            names = {user.extension: user.name for user in users[at : at + _AT_ONCE]}
            yield list(names), True, names, named
    form.close()


def _merged(calls: list[Call]) -> Iterator[tuple[bool, Any, dict[str, Any]]]:
    """The same calls as one would write them: each of several users in one line."""
    for (many, _named), group in groupby(calls, lambda call: (call[1], str(call[3]))):
        alike = list(group)
        if many:
            names = {key: name for call in alike for key, name in call[2].items()}
            yield True, names, alike[0][3]
        else:
            yield from ((False, call[2], call[3]) for call in alike)


def _there(extension: str, *, in_browser: bool) -> str:
    if not in_browser:
        return _("User {extension} is there.").format(extension=extension)
    return _("User {extension} is there. A cell shows the phone: {python}").format(
        extension=extension, python=f"BrowserPhone(lab[{written(extension)}])"
    )


def _what_stays(added: list[str], total: int) -> str:
    if not added:
        return _("Cancelled: nobody was added.")
    return _("Cancelled: {count} of {total} were added, and stay: {users}.").format(
        count=len(added), total=total, users=", ".join(added)
    )


def _phone(user: User, softphones: set[str]) -> str:
    if user.webrtc:
        return "browser"
    return "softphone" if user.extension in softphones else "none"


def _row(
    user: User,
    registered: bool,  # noqa: FBT001
    phone: str,
    *,
    encrypted: bool,
) -> Mapping[str, object]:
    state = _("registered") if registered else _("not registered")
    if encrypted and not user.webrtc:
        state = _("{state}, encrypted").format(state=state)
    kind = {"softphone": "", "browser": _("in the browser, "), "none": ""}[phone]
    nothing = phone == "none" and not registered
    return {
        "extension": user.extension,
        "name": user.name,
        "phone": _("none of the lab's") if nothing else f"{kind}{state}",
        "codecs": ", ".join(user.codecs),
        "voicemail": _("yes") if user.mailbox else _("no"),
        "tones": {} if nothing else {"phone": "good" if registered else "wait"},
    }


def users_panel(lab: Lab) -> UsersPanel:
    """Show a lab's users, to be made, changed and removed with the mouse.

    Args:
        lab: one that runs.
    """

    def registered() -> set[str]:
        table = lab.registrations()
        return set(table.extension[table.registered])

    return UsersPanel(
        exchange=lambda: lab.exchange,
        registered=registered,
        softphones=lambda: set(lab.phones),
        add=lab.add_user,
        add_many=lab.add_users,
        change=lab.change_user,
        remove=lab.remove_user,
    )
