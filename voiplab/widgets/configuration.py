"""What a change did to Asterisk's configuration."""

import ipywidgets

from voiplab.config import Exchange, diff, redact, render
from voiplab.widgets.field import Field
from voiplab.widgets.source import Source
from voiplab.widgets.words import _

_DIFFERENCE = ""


class ConfigurationView(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """The difference that the last change made, or a file as it is now. Secrets are not shown.

    >>> view = ConfigurationView()
    >>> view.show(Exchange(), Exchange(language="fr"))
    >>> "+language = fr" in view.source.text
    True
    """

    def __init__(self) -> None:
        self.chosen = Field(_("Asterisk's configuration"), kind="choice", value=_DIFFERENCE)
        self.source = Source(_("Asterisk's configuration"))
        self._difference = ""
        self._files: dict[str, str] = {}
        self._exchange: Exchange | None = None
        self.chosen.observe(lambda _change: self._show(), "value")
        super().__init__([self.chosen, self.source])
        self.add_class("voiplab-configuration")
        self._offer()

    def show(self, before: Exchange, after: Exchange) -> None:
        """Show what lies between two configurations.

        Args:
            before: the one that was in force.
            after: the one that is.
        """
        self._difference = diff(render(before), render(after))
        self._exchange = None
        self.show_as_it_is(after)

    def show_as_it_is(self, exchange: Exchange) -> None:
        """Show files as they are now, and leave the difference that the last change made."""
        if exchange is not self._exchange:
            self._exchange = exchange
            self._files = redact(render(exchange))
            self._offer()

    def _offer(self) -> None:
        options = [[_DIFFERENCE, _("What the last change did to it")]]
        options += [[name, name] for name in sorted(self._files)]
        if options != self.chosen.options:
            self.chosen.options = options
        self._show()

    def _show(self) -> None:
        name = self.chosen.value
        if name in self._files:
            self.source.show(self._files[name])
        elif self._difference:
            self.source.show_difference(self._difference)
        else:
            self.source.show(_("Nothing has been changed from here yet."))
