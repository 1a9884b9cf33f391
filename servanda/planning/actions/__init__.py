"""Actions: what is planned, by whom, until when, for which records; also as a spreadsheet."""
