"""Notifications of one person, on a page and by mail, and recently opened pages."""
