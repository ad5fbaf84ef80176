"""A card with a picture, and who draws it and who cannot."""

from __future__ import annotations

from core.cards import Button, Card, Picture, Row, Section, line

PNG = b"\x89PNG as good as any"
CARD = Card(
    (Section((line("Amira · 5"),)),),
    line("This week"),
    buttons=(Button("leaderboard", "Last week", "last"),),
    picture=Picture(line("This week"), (Row(line("Amira"), amount="5", share=1.0),)),
)


async def drawing(_: Picture) -> bytes | None:
    return PNG


async def failing(_: Picture) -> bytes | None:
    return None
