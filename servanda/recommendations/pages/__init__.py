"""What the page of a record shows: details, history, the record as of a past day, similar records."""
