"""What came from the network, made fit to be shown."""


def printable(text: str) -> str:
    r"""Return a text in which nothing steers a terminal, and which any encoding can write.

    Args:
        text: as read from a packet, where bytes that are no UTF-8 are surrogates.

    Returns:
        The text with U+FFFD in the place of control characters (but for tab and line feed) and of
        what is no UTF-8; lines end in a line feed alone.

    >>> printable("486 Busy\x1b[2J\udcff\r\n")
    '486 Busy�[2J�\n'
    """
    if text.isprintable():
        return text
    decoded = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        each if each.isprintable() or each in "\n\t" else "�"
        for each in decoded.replace("\r\n", "\n")
    )
