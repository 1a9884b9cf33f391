"""Servanda: what has been agreed must be kept."""
