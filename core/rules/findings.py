"""What a check of a rule book finds, with its place in the file: errors, which keep it from use, and warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.errors import ConfigurationError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend, or to think about. `line` and `column` count from 1; None where the whole file is meant.

    `rule`: its number in docs/reference/lint.md, as "R9". `key`: the keys that lead to it, as "achievement.x.goal".
    """

    file: str
    line: int | None
    key: str
    rule: str
    text: str
    severity: Severity = "error"
    column: int | None = None

    def __str__(self) -> str:
        """File, line, key, what to write instead."""
        if self.line is None:
            return ": ".join(part for part in (self.file, self.key, self.text) if part)
        column = "" if self.column is None else f" column {self.column}"
        key = f" {self.key}" if self.key else ""
        return f"{self.file}:{self.line}{column}{key}: {self.text}"

    def as_json(self) -> dict[str, object]:
        """As `plaudit check --json` prints it."""
        return {"file": self.file, "line": self.line, "key": self.key, "rule": self.rule, "text": self.text}


class BookRefused(ConfigurationError):
    """The rule book has errors. `findings`: each with its place; nothing of the book is used."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(*map(str, findings))
        self.findings = findings
