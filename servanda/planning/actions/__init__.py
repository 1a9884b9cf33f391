"""Actions: what is planned, by whom, until when, and which records it answers; also as a spreadsheet."""
