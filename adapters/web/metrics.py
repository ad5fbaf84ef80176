"""Numbers about the running bot, as text that Prometheus and its kin read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number. Those of one name follow each other, with the same `kind` and `says` (what it is, in a sentence)."""

    name: str
    kind: Literal["counter", "gauge"]
    says: str
    value: int
    labels: Mapping[str, str] = field(default_factory=dict)


def exposition(measures: Iterable[Measure]) -> str:
    """The measures in Prometheus' text format."""
    lines: list[str] = []
    last = ""
    for m in measures:
        if m.name != last:
            lines += [f"# HELP {m.name} {m.says}", f"# TYPE {m.name} {m.kind}"]
            last = m.name
        labels = ",".join(f'{key}="{_escaped(value)}"' for key, value in m.labels.items())
        lines.append(f"{m.name}{{{labels}}} {m.value}" if labels else f"{m.name} {m.value}")
    return "\n".join(lines) + "\n"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
