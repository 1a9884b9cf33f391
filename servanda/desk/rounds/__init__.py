"""Rounds of questions: opened, watched, closed, and what they request of an institution."""
