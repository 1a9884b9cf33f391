"""The contents of a record's page: details, history, the record as of a past day, similar records."""
