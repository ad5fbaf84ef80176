"""The rule book: what a community manager wrote, read, checked and put into words."""
