"""Institutions that close, merge, split, take a new name, or open again."""
