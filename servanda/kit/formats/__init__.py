"""Formats of dates and numbers for languages whose formats in Django do not suit us."""
