"""Rules that nobody would think of: any words together that the loader accepts."""

from __future__ import annotations

import datetime as dt
import json
from random import Random
from typing import Any

from core.errors import ConfigurationError
from core.rules.loading import load

HEAD = """
rules = 1
[community]
timezone = "Europe/Berlin"
day_starts = "04:00"
quiet_start = "0 days"
ignore_channels = ["#noise"]
[types]
known = ["rating.changed"]
[defaults]
if_undone = "revoke"
[signal.marked]
when = "reaction.added"
credit = "author"
each = "message"
goal = 2
[signal.busy]
when = "message.posted"
in_one = "day"
goal = 2
"""
ACTS = ("post",) * 6 + ("react",) * 3 + ("ticket", "ticket", "trouble", "thread", "thread", "thread", "give", "rate")
ACTS += ("join", "team", "move", "pause", "freeze", "outage", "opt_out", "meet")
TYPES = ("message.posted", "message.posted", "thread.replied", "reaction.added", "ticket.resolved", "kudos.given")
TYPES += ("marked", "busy", "donation.made", "event.attended")
CREDITS = {
    "reaction.added": ("author", "author", "actor"),
    "kudos.given": ("actor", "target"),
    "event.attended": ("participants", "actor"),
    "thread.replied": ("actor", "author"),
}
ROUNDS = ("day", "day", "week", "month")
LENGTHS = ("5 hours", "30 hours", "2 days", "4 days", "1 week")


class Inventor:
    def __init__(self, random: Random) -> None:
        self.random = random

    def maybe(self, chance: float) -> bool:
        return self.random.random() < chance

    def book(self, size: int) -> str:
        """A book of so many achievements, each of which the loader accepts."""
        text, number = HEAD, 0
        while number < size:
            more = self.achievement(f"a{number}")
            try:
                load(text + more, "invented.toml")
            except ConfigurationError:
                continue
            text, number = text + more, number + 1
        return text

    def achievement(self, name: str) -> str:
        rule: dict[str, Any] = {"name": name.upper(), **self.condition()}
        chances = {
            "repeat": (0.4, [True, True, 2, 3]),
            "cooldown": (0.1, ["1 day", "3 days"]),
            "settle": (0.3, ["6 hours", "2 days"]),
            "timezone": (0.2, ["member"]),
            "season": (0.15, [["10-20", "11-01"], ["12-25", "01-04"], ["03-15", "03-29"]]),
            "from": (0.1, [dt.date(2026, 3, 25), dt.date(2026, 10, 20)]),
            "until": (0.1, [dt.date(2026, 10, 25), dt.date(2026, 12, 31)]),
            "lasts": (0.15, ["3 days", "2 weeks"]),
            "first": (0.1, [1, 2]),
            "who": (0.1, [{"role": "support"}, {"team": "red"}, {"member_for": "3 days"}]),
            # Whose absence would end for a whole team?
            "for": (0.1 if "after_absence" not in str(rule) else 0, ["community", "team"]),
            "needs": (0.1 if name != "a0" else 0, [["a0"]]),
            "points": (0.2, [3]),
        }
        for word, (chance, values) in chances.items():
            if self.maybe(chance):
                rule[word] = self.random.choice(values)
        if "when" in rule and rule.get("goal") != "all" and "streak" not in rule and self.maybe(0.2):
            del rule["goal"]
            rule["tiers"] = {"One": 1, "Three": {"goal": 3, "points": 2}}
        return "\n".join([f"[achievement.{name}]", *(f"{k} = {written(v)}" for k, v in rule.items())]) + "\n"

    def condition(self, depth: int = 0) -> dict[str, Any]:
        kind = self.random.choice(["when"] * 8 + (["steps", "all", "any"] if depth < 2 else []))
        if kind == "when":
            return self.counting()
        same = {"same": self.random.choice(["channel", "thread"])} if self.maybe(0.3) else {}
        if kind == "steps":
            steps = [self.step() for _ in range(self.random.choice([2, 2, 3]))]
            any_order = {"any_order": True} if self.maybe(0.5) else {}
            within = {"within": self.random.choice(LENGTHS)} if self.maybe(0.5) else {}
            return {"steps": steps, **any_order, **within, **same}
        parts = [self.condition(depth + 1) for _ in range(2)]
        return {kind: parts, **same}

    def step(self) -> dict[str, Any]:
        when = self.random.choice(TYPES)
        credit = self.random.choice(CREDITS.get(when, ("actor",)))
        return {"when": when, "credit": credit, "goal": self.random.choice([1, 1, 2])}

    def counting(self) -> dict[str, Any]:
        rule = {**self.step(), "goal": self.random.choice([1, 2, 2, 3])}
        if self.maybe(0.2):
            rule["where"] = self.random.choice([{"channel": ["#a", "#b"]}, {"hour": {"at_least": 12}}])
        match self.random.choice(["count"] * 4 + ["distinct", "sum", "best"]):
            case "distinct":
                rule["distinct"] = self.random.choice(["channel", "actor", "day", "team"])
            case "sum" | "best" as measure:
                rule |= {"when": "donation.made", "credit": "actor", measure: "amount"}
        match self.random.choice(["none", "none", "in_one", "within", "streak"]):
            case "in_one":
                rule["in_one"] = self.random.choice(ROUNDS)
            case "within":
                rule["within"] = self.random.choice(LENGTHS)
            case "streak":
                rule |= {"streak": self.random.choice(ROUNDS), "grace": self.random.choice([0, 1])}
                if self.maybe(0.3):
                    rule["rest_days"] = ["sunday", "tuesday"]
                if self.maybe(0.3):
                    rule["at_least"] = 2
        return {**rule, **self.extras()}

    def extras(self) -> dict[str, Any]:
        rule: dict[str, Any] = {}
        if self.maybe(0.15):
            rule["each"] = self.random.choice(["channel", "team"])
        if self.maybe(0.15):
            match = self.random.choice(["object", "window", "ever"])
            when = self.random.choice(["ticket.escalated", "ticket.reopened", "kudos.given"])
            rule["unless"] = {"when": when, "match": match}
        if self.maybe(0.2):
            rule["limit"] = {self.random.choice(["per_day", "per_week", "per_person", "per_object"]): 2}
        if self.maybe(0.1):
            rule["after_absence"] = self.random.choice(["1 day", "2 days"])
        return rule


def written(value: Any) -> str:
    """A value as TOML, tables inline."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{k} = {written(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)
