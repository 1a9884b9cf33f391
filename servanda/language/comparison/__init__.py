"""Compares texts: whether they ask for the same, and how they differ."""
