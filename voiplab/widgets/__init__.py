"""What a notebook shows and lets be clicked; each widget takes data and callbacks."""

from voiplab.widgets.browser_phone import BrowserPhone, browser_phone

__all__ = ["BrowserPhone", "browser_phone"]
