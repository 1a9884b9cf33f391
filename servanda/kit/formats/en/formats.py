"""English that nobody misreads: with the month as a number, half of the world takes 3/4 for the third of April."""

SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, H:i"
