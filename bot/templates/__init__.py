"""`plaudit init`: first rule books, each with its examples. The files beside this one are what people get."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from bot.bookfiles import replace_text
from core.catalogue import nearest
from core.errors import ConfigurationError

TEMPLATES = {
    "new-community": "people find their way in, help each other, and come back",
    "relaunch": "a community that went quiet and starts again",
    "publisher": "readers discuss, write back, send tips, and meet",
    "onboarding": "new colleagues, students or members get settled",
    "support-desk": "tickets solved for good, and colleagues who help each other",
    "open-source": "reports, fixes, reviews and help, by volunteers",
}
BOOK = "rules.toml"
EXAMPLES = "rules.examples.toml"


def describe() -> list[str]:
    """One line for each template."""
    widest = max(map(len, TEMPLATES))
    return [f"{name:{widest}}  {text}" for name, text in TEMPLATES.items()]


def text(template: str, file: str) -> str:
    """What a template's rules.toml or rules.examples.toml says. Raises ConfigurationError for an unknown template."""
    if template not in TEMPLATES:
        near = nearest(template, TEMPLATES)
        remedy = f"Did you mean {near}?" if near else f"There are {', '.join(TEMPLATES)}"
        raise ConfigurationError(f'no template is called "{template}". {remedy}')
    name = file.replace("rules", template.replace("-", "_"), 1)
    return (files(__package__) / name).read_text("utf-8")


def write(folder: Path, template: str, *, force: bool) -> list[str]:
    """Put both files into the folder, which is made if need be. Returns what to do next.

    Raises ConfigurationError if one of them is there already (unless `force`) or cannot be written; then neither is.
    """
    written = {folder / file: text(template, file) for file in (BOOK, EXAMPLES)}
    there = [str(path) for path in written if path.exists()]
    if there and not force:
        raise ConfigurationError(*(f"{path}: is there already; --force replaces it" for path in there))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in written.items():
            if path.exists():
                replace_text(path, content)  # whole or not at all: somebody may still need what it says
            else:
                path.write_text(content, "utf-8")
    except OSError as error:
        raise ConfigurationError(f"{folder}: cannot be written ({error.strerror})") from None
    return _next_steps(folder, template)


def _next_steps(folder: Path, template: str) -> list[str]:
    book, examples = folder / BOOK, folder / EXAMPLES
    return [
        f"Wrote {book} and {examples} ({template}: {TEMPLATES[template]}).",
        "Next:",
        f"  1. Open {book}: your time zone, your channels, and which badges you want.",
        f"  2. plaudit check {book}",
        f"  3. plaudit test {book}",
        "  4. plaudit demo shows the bot at work, plaudit run connects it.",
    ]
