"""How somebody gets an account: the invitation, its mail, and the page that its link opens."""
