"""Imports of files into the register: read, map, match, preview, write, undo."""
