"""Comments, suggestions and tasks on sections of reports."""
