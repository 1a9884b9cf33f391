"""Readers for files of the Universal Human Rights Index: its export, its API, its spreadsheet."""
