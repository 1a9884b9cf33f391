"""The public pages, which show only what is published."""
