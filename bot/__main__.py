"""`plaudit` and `python -m bot`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from core.errors import ConfigurationError, PlauditError

EX_CONFIG = 78  # sysexits.h: something is configured wrong


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits: 0 done, 1 failed, 2 wrong usage, 78 settings or rule book."""
    from bot.cli import app

    try:
        app(args=None if arguments is None else list(arguments), prog_name="plaudit")
    except ConfigurationError as error:
        _stop(error.faults, EX_CONFIG)
    except PlauditError as error:
        _stop([str(error)], 1)
    except BrokenPipeError:  # `plaudit log | head` is no failure
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _stop(lines: Sequence[str], code: int) -> None:
    for line in lines:
        print(line, file=sys.stderr)
    sys.exit(code)


if __name__ == "__main__":
    main()
