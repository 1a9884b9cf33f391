"""Invitations: the mail, and the page behind its link on which the account is set up."""
