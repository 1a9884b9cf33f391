"""The spreadsheet of institutions and people: read, previewed, applied, undone, and written out again."""
