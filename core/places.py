"""What is where on one platform, as the rule book says it: names or ids, still to be found by the edge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from core.rights import Role


@dataclass(frozen=True, slots=True)
class Places:
    """`channels`: announcements, digest, moderators -> name or id. `roles`: what `gives_role` says -> name or id here
    (an entry only where the book has one; a role without entry is the one of that name). `staff` and each of `rights`
    and of `givers` (who gives some badges by hand): a role or user group, name or id; of `teams` its name.
    `given_roles`: every role that a rule of the book gives, as the rule says it. `reads_text`: a rule needs facts made
    from message text (length, words, links …). `watches`: those of core.catalogue.WATCHED that a rule names."""

    channels: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    rights: Mapping[Role, str] = field(default_factory=dict)
    givers: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    staff: str | None = None
    given_roles: tuple[str, ...] = ()
    ignore_channels: tuple[str, ...] = ()
    only_channels: tuple[str, ...] = ()
    reads_text: bool = False
    watches: frozenset[str] = frozenset()

    def role(self, name: str) -> str:
        """The platform's name or id of the role that a rule calls `name`."""
        return self.roles.get(name, name)


PlacesOf = Callable[[str], Places]
"""What the book says that a source (`discord:987`) belongs to; for "" only what all books of the platform ask for
together: `reads_text` and `watches`."""
