"""Pages of treaties: the list with the State's status, one treaty, its reservations, and who asked to ratify it."""
