"""Rounds of questions: open, follow, close; and the requests to an institution."""
