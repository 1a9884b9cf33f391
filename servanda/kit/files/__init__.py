"""Files in and out: tables, workbooks, texts and archives, other programs run on them, PDF and Word."""
