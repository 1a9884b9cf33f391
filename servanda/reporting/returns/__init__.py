"""Word files that come back: which copy was sent, what was changed in it, and what becomes of the changes."""
