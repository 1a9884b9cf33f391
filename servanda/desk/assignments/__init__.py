"""Which institutions answer for a record, and who usually leads on which theme."""
