"""Codes in commits. Who wrote a commit is anybody's word, and so is everything in it; who pushed it is known to GitHub,
but people push what others wrote: they merge it, rebase it, squash it. Only what the push itself says is the pusher's
own word, and that is the name of a branch that it makes. So a code counts in one commit that changes nothing, which
somebody wrote, committed and pushed as the first on a branch that is named for this and for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.connectors.forge import proofs
from adapters.connectors.payload import Payload
from core.connectors import Proof

BRANCH = "plaudit-link/"
_LONGEST = 40  # characters of a login


def pushed(source: str, push: Payload) -> tuple[tuple[Proof, ...], str]:
    """The codes that this push proves; else, where there are any, why it proves none."""
    sender = push.at("sender")
    number, login = sender.look("id"), sender.look("login")
    known = type(number) is int and isinstance(login, str) and 0 < len(login) <= _LONGEST
    found = [p for c in push.each("commits") for p in proofs(c.prose("message"), f"{source}/{number}", str(login))]
    if not found:
        return (), ""
    if not known or sender.look("type") != "User":
        return (), "a code in a commit: nobody with an account of their own pushed it"
    fault = next((why for why, is_well in _DEMANDS.items() if not is_well(push, str(login).lower())), "")
    return ((), fault) if fault else (tuple(found), "")


def _pushed_by_sender(push: Payload, login: str) -> bool:
    return push.prose("pusher.name").lower() == login


def _branch_named_for_it(push: Payload, login: str) -> bool:
    return push.look("created") is True and push.prose("ref").lower() == f"refs/heads/{BRANCH}{login}"


def _one_new_commit(push: Payload, login: str) -> bool:
    commits, head = push.each("commits"), push.prose("head_commit.id")
    return len(commits) == 1 and commits[0].look("distinct") is True and "" != commits[0].prose("id") == head


def _own_commit(push: Payload, login: str) -> bool:
    """`web-flow` commits what is merged on the site."""
    return all(push.prose(f"commits.0.{role}.username").lower() == login for role in ("author", "committer"))


def _nothing_changed(push: Payload, login: str) -> bool:
    """A merge, or commits of others made one, would change files."""
    return all(push.look(f"commits.0.{kind}") == [] for kind in ("added", "removed", "modified"))


_DEMANDS: Mapping[str, Callable[[Payload, str], bool]] = {
    "a code in a commit: the pusher is not the sender": _pushed_by_sender,
    f"a code in a commit counts only on a new branch {BRANCH}LOGIN, named for who pushes it": _branch_named_for_it,
    "a code in a commit: the push holds other commits, or one that was there before": _one_new_commit,
    "a code in a commit: its author or committer is not who pushed it": _own_commit,
    "a code in a commit that changes files does not count": _nothing_changed,
}
