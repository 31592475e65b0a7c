"""The panel in which each phone's network is made to misbehave."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from html import escape
from typing import Final

import ipywidgets

from voiplab.errors import ImpairmentError
from voiplab.impairment import PRESETS, GilbertElliott, Impairment, Settings, preset
from voiplab.impairment.jitter import DISTRIBUTIONS, LEAST
from voiplab.lab import Lab
from voiplab.widgets.button import button, row
from voiplab.widgets.debounce import Debounce
from voiplab.widgets.field import Field
from voiplab.widgets.panel import Panel
from voiplab.widgets.python import written
from voiplab.widgets.words import _
from voiplab.widgets.work import Work

_APPLY_AFTER_S: Final = 0.4
_REFRESH_S: Final = 2.0
_OWN: Final = ""

# As the wait at a queue with random arrivals.
_USUAL: Final = "exponential"
_MOST_SEED: Final = 2**32 - 1


class Direction(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Sliders for what happens to the packets of one direction.

    Args:
        title: which direction.
        changed: is called when a slider is moved.

    >>> direction = Direction("What the phone receives", changed=lambda: None)
    >>> direction.loss_pct.value = 5.0
    >>> direction.impairment()
    Impairment(loss_pct=5.0)
    """

    def __init__(self, title: str, *, changed: Callable[[], object]) -> None:
        self._changed = changed
        self._quiet = False
        self._shown = Impairment()
        self._touched = False
        self.title = ipywidgets.HTML()
        self.loss_pct = _slider(_("Loss"), most=50, step=0.5, unit="%")
        self.burst = _slider(
            _("Losses in a row, on average"),
            least=1,
            most=20,
            step=0.5,
            unit=_("packets"),
        )
        self.delay_ms = _slider(_("Delay"), most=600, step=1, unit="ms")
        self.jitter_ms = _slider(_("Jitter"), most=200, step=1, unit="ms")
        self.distribution = Field(
            _("Shape of the delay"),
            kind="choice",
            value=_USUAL,
            options=[(each, each) for each in DISTRIBUTIONS],
        )
        self.rest = ipywidgets.HTML()
        for field in self._fields():
            field.observe(lambda _change: self._moved(), "value")
        self.jitter_ms.observe(lambda _change: self._make_room(), "value")
        self.distribution.observe(lambda _change: self._make_room(), "value")
        self._labels = [field.label for field in self._fields()]
        self.name(title)
        super().__init__([self.title, *self._fields(), self.rest])
        self.add_class("voiplab-direction")

    def _fields(self) -> tuple[Field, ...]:
        return self.loss_pct, self.burst, self.delay_ms, self.jitter_ms, self.distribution

    def name(self, title: str, *, packets: str = "") -> None:
        """Say which direction it is.

        Args:
            title: in a few words.
            packets: which packets, to tell the sliders of two directions apart; "" when there is
                no other.
        """
        self.title.value = f"<h3>{escape(title)}</h3>" if title else ""
        for field, label in zip(self._fields(), self._labels, strict=True):
            field.label = f"{label} ({packets})" if packets else label

    def _moved(self) -> None:
        if not self._quiet:
            self._touched = True
            self._changed()

    def _make_room(self) -> None:
        """Move the delay up to where so much jitter can be: no packet arrives before it is sent."""
        least = -LEAST[self.distribution.value] * self.jitter_ms.value
        if not self._quiet and self.delay_ms.value < least:
            self.delay_ms.value = float(min(-(-least // 1), self.delay_ms.max))

    def impairment(self) -> Impairment:
        """Return what the sliders say, and what has no slider as it was.

        Raises:
            ImpairmentError: when no network could do that.
        """
        if not self._touched:
            return self._shown
        loss_pct = self.loss_pct.value
        bursts = None
        if loss_pct and self.burst.value > 1:
            bursts = GilbertElliott.of(loss_pct=loss_pct, mean_burst=self.burst.value)
        return replace(
            self._shown,
            loss_pct=0.0 if bursts else loss_pct,
            bursts=bursts,
            delay_ms=self.delay_ms.value,
            jitter_ms=self.jitter_ms.value,
            distribution=self.distribution.value if self.jitter_ms.value else "normal",
        )

    def show(self, impairment: Impairment) -> None:
        """Move the sliders to what an impairment says, without doing anything."""
        self._quiet = True
        try:
            bursts = impairment.bursts
            self.loss_pct.value = impairment.expected_loss_pct
            self.burst.value = float((bursts and bursts.mean_burst) or 1.0)
            self.delay_ms.value = impairment.delay_ms
            self.jitter_ms.value = impairment.jitter_ms
            self.distribution.value = impairment.distribution if impairment.jitter_ms else _USUAL
        finally:
            self._quiet = False
        self._shown, self._touched = impairment, False
        rate = impairment.rate_kbit_s
        self.rest.value = (
            "" if rate is None else escape(_("Bottleneck: {rate:g} kbit/s").format(rate=rate))
        )


def _slider(label: str, *, most: float, step: float, unit: str, least: float = 0) -> Field:
    return Field(
        label, kind="range", value=float(least), least=least, most=most, step=step, unit=unit
    )


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a phone's network was told to do.

    Attributes:
        phone: whose network.
        preset: the name of a network that people have, or "".
        incoming: what happens to what the phone receives.
        outgoing: what happens to what it sends.
        seed: what chance is drawn from.
    """

    phone: str
    preset: str
    incoming: Impairment
    outgoing: Impairment
    seed: int

    @property
    def impairs(self) -> bool:
        """Whether it does anything to a packet."""
        return self.incoming != Impairment() or self.outgoing != Impairment()

    def python(self) -> str:
        """Return the line that does the same.

        >>> loss, nothing = Impairment(loss_pct=5), Impairment()
        >>> order = Order(phone="2001", preset="", incoming=loss, outgoing=nothing, seed=7)
        >>> order.python()
        'lab["2001"].phone.network.impair(incoming=Impairment(loss_pct=5.0), seed=7)'
        """
        directions = {"incoming": self.incoming, "outgoing": self.outgoing}
        before = ""
        if self.preset:
            told = [written(self.preset)]
        elif self.incoming == self.outgoing:
            before = f"bad = {_written(self.incoming)}; "
            told = [f"{name}=bad" for name in directions]
        else:
            told = [
                f"{name}={_written(each)}"
                for name, each in directions.items()
                if each != Impairment()
            ]
        told.append(f"seed={self.seed}")
        return f"{before}lab[{written(self.phone)}].phone.network.impair({', '.join(told)})"


def _written(impairment: Impairment) -> str:
    """An impairment as one would write it: bursts by what they are, in double quotes."""
    text = repr(impairment).replace("'", '"')
    bursts = impairment.bursts
    if bursts is None or bursts.mean_burst is None:
        return text
    by_name = f"GilbertElliott.of(loss_pct={bursts.loss_pct:g}, mean_burst={bursts.mean_burst:g})"
    return text.replace(repr(bursts), by_name)


class NetworkPanel(Panel):
    """The network of each phone: loss, delay and jitter by sliders, in the midst of a call too.

    Args:
        phones: returns the phones that have a network of their own: names by extension.
        in_force: returns what a phone's network does, or None when it does nothing.
        impair: is told the extension and what is to happen, as `AccessNetwork.impair`.
        clear: lets all packets of a phone pass again.
    """

    def __init__(
        self,
        *,
        phones: Callable[[], Mapping[str, str]],
        in_force: Callable[[str], Settings | None],
        impair: Callable[..., Settings],
        clear: Callable[[str], object],
    ) -> None:
        self._phones = phones
        self._in_force = in_force
        self._impair = impair
        self._clear = clear
        self._ordered = False
        self._shown: tuple[str, Settings | None] | None = None
        self._settling = Debounce(self.apply, after_s=_APPLY_AFTER_S)
        self.phone = Field(_("Phone"), kind="choice", value="", options=[])
        self.preset = Field(
            _("A network that people have"),
            kind="choice",
            value=_OWN,
            options=[
                (_OWN, _("(the sliders below)")),
                *((each.name, each.name) for each in PRESETS),
            ],
        )
        self.about = ipywidgets.HTML()
        self.about.add_class("voiplab-about")
        self.apart = Field(_("Each direction by itself"), kind="switch", value=False)
        self.incoming = Direction("", changed=self._moved)
        self.outgoing = Direction("", changed=self._moved)
        self.outgoing.name(_("What the phone sends"), packets=_("sent"))
        self.seed = Field(
            _("Seed: the same one gives the same fates"),
            kind="number",
            value=7.0,
            least=0,
            most=_MOST_SEED,
            step=1,
            check=_whole,
        )
        self.now = ipywidgets.HTML()
        self.now.add_class("voiplab-in-force")
        self._sliders = ipywidgets.HBox([self.incoming, self.outgoing])
        self._sliders.add_class("voiplab-directions")
        super().__init__(
            _("Network"),
            [
                row(self.phone, button(_("Clear"), self.clear), self.preset),
                self.about,
                self.now,
                self._sliders,
                row(self.apart, self.seed),
            ],
        )
        self.phone.observe(lambda _change: self._choose(), "value")
        self.preset.observe(lambda _change: self._preset_chosen(), "value")
        self.apart.observe(lambda _change: self._arrange(), "value")
        self.seed.observe(lambda _change: self._settling.ask(), "value")
        self._arrange()
        self._refresh = self.every(_REFRESH_S, self._read, self._show)

    # What is shown

    def _read(self) -> tuple[Mapping[str, str], Settings | None]:
        phones = self._phones()
        chosen = self.phone.value
        return phones, self._in_force(chosen) if chosen in phones else None

    def _show(self, found: tuple[Mapping[str, str], Settings | None]) -> None:
        phones, settings = found
        options = [[phone, f"{phone} {name}".strip()] for phone, name in sorted(phones.items())]
        if options != self.phone.options:
            self.phone.options = options
        if self.phone.value not in phones:
            self.phone.value = min(phones, default="")
        if not phones:
            self.now.value = escape(
                _("No phone has a network of its own yet: add a user with a softphone.")
            )
            return
        self._show_settings(settings)

    def _show_settings(self, settings: Settings | None) -> None:
        """Say what is in force; move the sliders there when it is news and nobody moves them."""
        impaired = settings is not None and (
            settings.incoming != Impairment() or settings.outgoing != Impairment()
        )
        self.now.value = escape(
            _("In force: {what}.").format(what=_in_words(settings))
            if impaired and settings is not None
            else _("In force: nothing; all packets pass untouched.")
        )
        news = self.phone.value, settings
        if news == self._shown or self.busy:
            return
        self._shown = news
        incoming = settings.incoming if settings else Impairment()
        outgoing = settings.outgoing if settings else Impairment()
        self.apart.value = incoming != outgoing
        self.incoming.show(incoming)
        self.outgoing.show(outgoing)

    def _choose(self) -> None:
        self._settling.forget()
        self._set_preset(_OWN)
        self._shown = None
        phone = self.phone.value
        if phone:
            self._show_settings(self._in_force(phone))

    def _arrange(self) -> None:
        apart = self.apart.value
        if apart:
            self.incoming.name(_("What the phone receives"), packets=_("received"))
        else:
            self.incoming.name("")
        self.outgoing.layout.display = None if apart else "none"
        if apart:
            with suppress(ImpairmentError):
                self.outgoing.show(self.incoming.impairment())

    def _set_preset(self, name: str) -> None:
        self._ordered = True
        try:
            self.preset.value = name
        finally:
            self._ordered = False
        self._tell_about()

    def _tell_about(self) -> None:
        name = self.preset.value
        if not name:
            self.about.value = ""
            return
        chosen = preset(name)
        self.about.value = (
            f"{escape(chosen.stands_for)} <details><summary>{escape(_('Sources'))}</summary>"
            f"{escape(chosen.sources)}</details>"
        )

    # What is done

    def _preset_chosen(self) -> None:
        if self._ordered:
            return
        self._tell_about()
        if self.preset.value:
            chosen = preset(self.preset.value)
            self.apart.value = chosen.incoming != chosen.outgoing
            self.incoming.show(chosen.incoming)
            self.outgoing.show(chosen.outgoing)
            self.apply()

    def _moved(self) -> None:
        self._set_preset(_OWN)
        self._settling.ask()

    def order(self) -> Order:
        """Return what the controls say.

        Raises:
            ImpairmentError: when no network could do that, or there is no phone.
        """
        phone = self.phone.value
        if not phone:
            raise ImpairmentError(
                _("No phone has a network of its own yet: add a user with a softphone.")
            )
        _whole(self.seed.value)
        incoming = self.incoming.impairment()
        return Order(
            phone=phone,
            preset=self.preset.value,
            incoming=incoming,
            outgoing=self.outgoing.impairment() if self.apart.value else incoming,
            seed=int(self.seed.value),
        )

    def apply(self) -> None:
        """Have the chosen phone's network do what the controls say, now."""
        self._settling.forget()
        if self.busy:
            # What is said by then is done when the network has taken what it is being told.
            self._settling.ask()
            return
        try:
            order = self.order()
        except ImpairmentError as error:
            self.fail(error)
            return

        if not order.impairs:
            if self._in_force(order.phone) is not None:
                self.clear()
            return

        def work(_work: Work) -> Settings:
            if order.preset:
                return self._impair(order.phone, order.preset, seed=order.seed)
            return self._impair(
                order.phone, incoming=order.incoming, outgoing=order.outgoing, seed=order.seed
            )

        def then(settings: Settings) -> None:
            if order.phone == self.phone.value:
                self._shown = order.phone, settings
                self._show_settings(settings)

        self.do(
            work,
            says=_("Telling the network of {phone}.").format(phone=order.phone),
            done=_("The network of {phone} does so from now on.").format(phone=order.phone),
            python=order.python(),
            then=then,
        )

    def clear(self) -> None:
        """Let all packets of the chosen phone pass untouched again."""
        self._settling.forget()
        phone = self.phone.value
        if not phone:
            return

        def then(_found: object) -> None:
            self._set_preset(_OWN)
            self._shown = None
            if phone == self.phone.value:
                self._work_is_over()

        self.do(
            lambda _work: self._clear(phone),
            says=_("Clearing the network of {phone}.").format(phone=phone),
            done=_("All packets of {phone} pass untouched again.").format(phone=phone),
            python=f"lab[{written(phone)}].phone.network.clear()",
            then=then,
            lastly=self._refresh.soon,
        )

    def _work_is_over(self) -> None:
        self.incoming.show(Impairment())
        self.outgoing.show(Impairment())
        self.apart.value = False

    def close(self) -> None:
        """End it, with what was still to be told."""
        self._settling.forget()
        super().close()


def _in_words(settings: Settings) -> str:
    """Both directions, what they suffer in a few words, and the seed."""
    incoming, outgoing = _suffered(settings.incoming), _suffered(settings.outgoing)
    if settings.incoming == settings.outgoing:
        text = _("both directions: {both}").format(both=incoming)
    else:
        text = _("receives: {incoming}; sends: {outgoing}").format(
            incoming=incoming, outgoing=outgoing
        )
    return _("{text}; seed {seed}").format(text=text, seed=settings.seed)


def _suffered(impairment: Impairment) -> str:
    words = []
    loss_pct, bursts = impairment.expected_loss_pct, impairment.bursts
    if bursts is not None and bursts.mean_burst is not None:
        words.append(
            _("{loss:g} % lost in bursts of {length:g}").format(
                loss=loss_pct, length=bursts.mean_burst
            )
        )
    elif loss_pct:
        words.append(_("{loss:g} % lost").format(loss=loss_pct))
    if impairment.delay_ms:
        words.append(_("{delay:g} ms late").format(delay=impairment.delay_ms))
    if impairment.jitter_ms:
        words.append(
            _("{jitter:g} ms of jitter ({shape})").format(
                jitter=impairment.jitter_ms, shape=impairment.distribution
            )
        )
    if impairment.rate_kbit_s is not None:
        words.append(_("at most {rate:g} kbit/s").format(rate=impairment.rate_kbit_s))
    if impairment.reorder_pct:
        words.append(_("{share:g} % overtaken").format(share=impairment.reorder_pct))
    if impairment.duplicate_pct:
        words.append(_("{share:g} % twice").format(share=impairment.duplicate_pct))
    if words and impairment.spares_signalling:
        words.append(_("media only"))
    return ", ".join(words) or _("nothing")


def _whole(seed: float | None) -> None:
    if seed is None or seed != int(seed) or not 0 <= seed <= _MOST_SEED:
        raise ImpairmentError(
            _("A seed is a whole number from 0 to {most}: give one.").format(most=_MOST_SEED)
        )


def network_panel(lab: Lab) -> NetworkPanel:
    """Show the network of each of a lab's phones, to be made worse with the mouse.

    Args:
        lab: one that runs.
    """

    def impair(phone: str, *args: str, **named: object) -> Settings:
        return lab[phone].phone.network.impair(*args, **named)  # type: ignore[arg-type]

    def in_force(phone: str) -> Settings | None:
        found = lab.phones.get(phone)
        return found.network.impairments if found is not None else None

    return NetworkPanel(
        phones=lambda: {
            user.extension: user.name for user in lab.exchange.users if user.extension in lab.phones
        },
        in_force=in_force,
        impair=impair,
        clear=lambda phone: lab[phone].phone.network.clear(),
    )
