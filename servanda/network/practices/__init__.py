"""Practices: written, reviewed and published; endorsed by others; found by words, by meaning and by a record."""
