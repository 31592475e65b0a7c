"""``python -m voiplab``: the command line."""

from voiplab.cli import main

if __name__ == "__main__":
    main()
