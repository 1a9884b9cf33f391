"""Search, the command palette, and recently opened pages."""
