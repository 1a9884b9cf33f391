"""Obligations of the State towards bodies: deadlines, steps, extensions, letters and submissions."""
