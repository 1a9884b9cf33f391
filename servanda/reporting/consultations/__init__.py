"""Cleared drafts that are open for comments: who is invited, their comments, and the replies."""
