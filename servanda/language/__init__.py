"""What can be said of a text from its words alone: its language, its search tokens, whether it equals another."""
