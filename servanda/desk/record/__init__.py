"""One recommendation: its page, its history, and everything that is written on it."""
