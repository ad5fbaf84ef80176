"""Cards as text."""
