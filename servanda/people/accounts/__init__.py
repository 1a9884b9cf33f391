"""Accounts of people: the list, the page, roles, closing; one's own account; personal data handed out and erased."""
