"""Institutions and their tree: the list, the page, editing, accreditations."""
