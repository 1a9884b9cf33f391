"""Who leads and who supports on a record, until when, and which institution is suggested for it."""
