"""What every room uses: HTTP server and limits, requests to other servers, files and their cleaning, pages, lists,
SQL that differs between databases, and formats.

No models and no words of the field.
"""
