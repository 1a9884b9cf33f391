"""Log-in: passwords, single sign-on, sessions, and the events of these in the trail."""
