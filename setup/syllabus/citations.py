"""Which sources a text cites: by a link to the page of sources, or by a standard's name."""

import re

LINK = re.compile(r"\]\([^)\s]*sources\.ipynb#(?P<key>[^)\s]+)\)")
RFC = re.compile(r"\bRFC[ \u00a0](?P<number>\d{1,5})\b")
# The series of ITU-T Recommendations that a telephone has to do with.
ITU = re.compile(r"\b(?P<series>[EGHPQTXY])\.(?P<number>\d{1,4}(?:\.\d{1,2})?)\b")


def cited_in(text: str) -> set[str]:
    """Return the keys of the sources that a text cites.

    >>> sorted(cited_in("R is 93 ([G.107](sources.ipynb#itu-g107)), by RFC 3550 and G.107.1."))
    ['itu-g107', 'itu-g107-1', 'rfc3550']
    """
    keys = {found["key"] for found in LINK.finditer(text)}
    keys |= {f"rfc{found['number']}" for found in RFC.finditer(text)}
    return keys | {
        f"itu-{found['series'].lower()}{found['number'].replace('.', '-')}"
        for found in ITU.finditer(text)
    }
