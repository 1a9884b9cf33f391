"""Contributions: send with an account, read, answer."""
