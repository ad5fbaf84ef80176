"""The edges: each turns one outside system into core's types and back. They do not know each other."""
