"""Requests that we send to addresses which a rule book names."""
