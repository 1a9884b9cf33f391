"""Contributions: sent with an account, read, and answered."""
