"""Whose system this is, who uses it, in which institution, and who may do and see what."""
