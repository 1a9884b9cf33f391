"""What the columns of a spreadsheet of recommendations can hold, and what each room does with its own cells of a row.

A room registers a `ColumnKind`, so that one workbook, one import and one undo can fill records, plans and progress,
and no room need know those above it.
"""
