"""Practices: written, reviewed, published, endorsed, and found for a record."""
