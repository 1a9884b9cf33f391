"""How dates and numbers are written, where the library does not say it for a language."""
