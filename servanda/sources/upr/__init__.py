"""Readers for files of the Universal Periodic Review: reports, addenda and thematic lists."""
