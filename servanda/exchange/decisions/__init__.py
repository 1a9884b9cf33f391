"""Decisions on what peers sent, at once or in the background, and their undoing."""
