"""Institutions and their hierarchy: the list, the page, editing, accreditations."""
