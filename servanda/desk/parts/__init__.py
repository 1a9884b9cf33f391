"""Shared by several wings: tiles, form fields, and fragments of pages."""
