"""Rows and words in the database: many rows at once, words looked up in a column, whether it can be used."""
