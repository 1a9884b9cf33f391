"""Indicators and their values: progress, charts, and files of values."""
