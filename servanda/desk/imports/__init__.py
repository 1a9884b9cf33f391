"""Imports of files into the register: send, map, check, decide, apply, undo."""
