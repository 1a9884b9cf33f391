"""The follow-up of records, as shown in lists, in files and on the page of a record."""
