"""Parsers for printed values: texts, dates, kinds, States, positions, numbers of recommendations."""
