"""What a platform's own client would not let a person do."""


class NotAllowed(Exception):
    """Its text is what the person reads."""
