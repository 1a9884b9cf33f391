"""What several wings use: a number on the desk, fields of forms, and fragments of pages."""
