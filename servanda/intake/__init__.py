"""Staging of files: upload, detect, map, preview, apply in short batches, undo.

Knows no shape of file and no register.
"""
