"""The basics of a record: its reference, sets of records by id, and the follow-up asked of it."""
