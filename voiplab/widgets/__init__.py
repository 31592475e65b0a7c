"""What a notebook shows and lets be clicked; each widget takes data and callbacks."""

from voiplab.widgets.browser_phone import BrowserPhone

__all__ = ["BrowserPhone"]
