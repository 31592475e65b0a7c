"""Have the engine hold the image that the lab's start from; exit 1, saying why, if it can't."""

import sys
from functools import partial

from voiplab.containers import Engine
from voiplab.containers.base_image import BASE_IMAGE, provide_base_image
from voiplab.errors import EngineError

say = partial(print, flush=True)


def main() -> int:
    """Leave it, pull it, or make it."""
    try:
        provide_base_image(Engine.connect(), BASE_IMAGE, say)
    except EngineError as error:
        say(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
