"""Pages of which one is shown, with tabs above them."""

from collections.abc import Mapping

import anywidget
import ipywidgets
import traitlets

from voiplab.widgets.report import STATIC


class Tabs(anywidget.AnyWidget):
    """The tabs: one for each page in the box that follows them.

    Args:
        label: what the pages have in common, for a screen reader.
        titles: what the tabs say.

    Attributes:
        chosen: which page is shown, counted from 0.
    """

    _esm = STATIC / "tabs.js"

    label = traitlets.Unicode().tag(sync=True)
    titles: traitlets.List[str] = traitlets.List().tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)


class Pages(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Pages, switched in the browser, so that a busy kernel is not asked.

    Args:
        label: what the pages have in common, for a screen reader.
        pages: what each shows, by the title of its tab.

    >>> pages = Pages("Users", {"One by one": ipywidgets.VBox(), "Class list": ipywidgets.VBox()})
    >>> pages.tabs.titles
    ['One by one', 'Class list']
    """

    def __init__(self, label: str, pages: Mapping[str, ipywidgets.Widget]) -> None:
        self.tabs = Tabs(label=label, titles=list(pages))
        box = ipywidgets.VBox(list(pages.values()))
        box.add_class("voiplab-pages")
        super().__init__([self.tabs, box])
        self.add_class("voiplab-switched")
