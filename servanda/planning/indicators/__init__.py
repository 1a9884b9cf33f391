"""Indicators and their values, with progress, charts and files of values."""
