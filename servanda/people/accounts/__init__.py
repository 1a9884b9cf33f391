"""Accounts: the list, the page, roles, closing; one's own account; export and erasure of personal data."""
