"""The list of records: filters, files, saved lists, and the register in figures."""
