"""Contributions from others, with or without an account, and the answers to them."""
