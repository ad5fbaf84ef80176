"""Draws pictures of cards, in a process of its own."""

NO_FONT = 3
"""How that process ends where no font has the letters."""
