"""The basics of a record: its reference, sets of records by id, its current position, requested follow-up."""
