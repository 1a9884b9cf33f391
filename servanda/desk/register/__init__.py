"""The list of records: filters, files, saved lists, and figures."""
