"""Files of the Universal Human Rights Index: its export, its interface, its spreadsheet."""
