"""Indicators and their values."""
