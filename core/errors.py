"""Every error a person may read. The docstring of a class says what it means; the message says what to do."""


class PlauditError(Exception):
    """Something Plaudit can explain. Its text is written for the person who reads it."""


class ConfigurationError(PlauditError):
    """Settings, tokens, rights or the rule book keep the bot from doing its work. `faults`: one line each."""

    def __init__(self, *faults: str) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class MalformedStatement(PlauditError):
    """A statement that cannot be read: the text names the field and what to write instead."""


class Forged(PlauditError):
    """A request is not shown to come, now, from somebody who knows the secret."""


class StorageUnavailable(PlauditError):
    """The database refused to take what arrived (full, locked, broken). Nothing was lost: the sender keeps it."""


class StillReading(PlauditError):
    """A large board is being read for the first time. Asking again in a moment finds it."""


class DeliveryError(PlauditError):
    """A message could not be brought to its place."""


class RetryLater(DeliveryError):
    """The platform asks to wait. `after`: seconds."""

    def __init__(self, after: float, reason: str = "") -> None:
        super().__init__(reason or f"try again in {after:g} s")
        self.after = after


class Ambiguous(DeliveryError):
    """The message may or may not have arrived (the connection broke after sending)."""


class Undeliverable(DeliveryError):
    """It will never arrive there; the text says why and what the operator can do."""
