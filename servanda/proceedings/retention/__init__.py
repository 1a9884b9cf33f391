"""Retention: how long personal data are kept after closing, what is due for erasure, legal holds, and the erasure."""
