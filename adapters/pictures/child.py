"""`python -m adapters.pictures.child`: reads one sheet as JSON, writes one PNG file. Where no font will do, it says so
on standard error and ends with 3."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from adapters.pictures import NO_FONT
from adapters.pictures.drawing import Row, Sheet, draw
from adapters.pictures.fonts import Fonts, NoFont


def main() -> int:
    asked = json.load(sys.stdin.buffer)
    rows = tuple(Row(**row) for row in asked["rows"])
    own = Path(asked["font"]) if asked["font"] else None
    try:
        sys.stdout.buffer.write(draw(Sheet(asked["title"], rows), Fonts(own)))
    except NoFont as reason:
        print(reason, file=sys.stderr)
        return NO_FONT
    return 0


if __name__ == "__main__":
    sys.exit(main())
