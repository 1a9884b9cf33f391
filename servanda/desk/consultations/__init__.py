"""Consultations on drafts of reports: prepare, open, comment, reply."""
