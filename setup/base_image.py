"""Have the engine hold the images that the lab's start from; exit 1 with the reason if it can't."""

import sys

from voiplab.containers import Engine
from voiplab.containers.base_image import BASE_IMAGE, provide_base_image
from voiplab.errors import EngineError


def say(line: str) -> None:
    """Show a line of progress at once."""
    sys.stdout.write(f"    {line}\n")
    sys.stdout.flush()


def main() -> int:
    """Pull the base image, or make it."""
    try:
        provide_base_image(Engine.connect(), BASE_IMAGE, say)
    except EngineError as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
