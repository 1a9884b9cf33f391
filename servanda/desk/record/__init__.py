"""One recommendation: its page, its history, and all edits of it."""
