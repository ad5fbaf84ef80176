"""A rule in one plain sentence, and what is left of it for one person. Everything is made from the rule's keys."""

from core.rules.explain.measures import signal_text
from core.rules.explain.moments import Clock
from core.rules.explain.next_steps import next_step
from core.rules.explain.sentences import description, sentence
from core.rules.explain.standings import nothing_yet, part_lines, progress_text

__all__ = ["Clock", "description", "next_step", "nothing_yet", "part_lines", "progress_text", "sentence", "signal_text"]
