"""Logging in: passwords, single sign-on, open sessions, and what the trail records of it."""
