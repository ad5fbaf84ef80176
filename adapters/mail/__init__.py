"""Mails that Plaudit sends: few, short, plain text."""
