"""Lines of Python, as a panel shows them."""

import json
from collections.abc import Mapping


def written(value: object) -> str:
    """Return a value as Python writes it, with double quotes.

    >>> written("Zoë"), written(True), written(("ulaw",)), written(0.5)
    ('"Zoë"', 'True', '("ulaw",)', '0.5')
    """
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False)
        case tuple():
            inside = ", ".join(written(each) for each in value)
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case list():
            return f"[{', '.join(written(each) for each in value)}]"
        case Mapping():
            pairs = (f"{written(key)}: {written(each)}" for key, each in value.items())
            return f"{{{', '.join(pairs)}}}"
        case _:
            return repr(value)


def called(function: str, *positional: object, **named: object) -> str:
    """Return a call as Python writes it.

    >>> called("lab.add_user", "2003", name="Reception", phone=False)
    'lab.add_user("2003", name="Reception", phone=False)'
    """
    arguments = [written(value) for value in positional]
    arguments += [f"{name}={written(value)}" for name, value in named.items()]
    return f"{function}({', '.join(arguments)})"
