"""Any other sheet, read through a mapping of fields to columns."""
