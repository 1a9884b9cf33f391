"""Outgoing HTTP requests: which addresses are allowed, and the limits on time and size."""
