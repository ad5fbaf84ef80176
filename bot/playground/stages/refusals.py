"""What a platform's own client would not let a person do."""


class NotAllowed(Exception):  # noqa: N818 -- said to the person as it stands
    """Its text is what the person reads."""
