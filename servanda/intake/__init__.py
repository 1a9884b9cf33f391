"""Files that are being imported: batches, rows and mapped columns; spreadsheets with preview, apply and undo.

Knows neither the readers of files nor the register.
"""
