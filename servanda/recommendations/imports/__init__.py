"""A file on its way into the register: read, mapped, matched, previewed, written, and undone."""
