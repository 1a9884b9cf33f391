"""Choosing records in a form: by words, by reference, or by references that are pasted."""
