"""Whose system this is: its name, languages and roles, and what every page knows of it."""
