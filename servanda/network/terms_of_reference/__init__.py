"""Model terms of reference: texts as data in five languages, filled in from a profile, as a page and a file."""
