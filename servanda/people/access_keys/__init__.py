"""Access keys: with one, a program does for a person what that person may do."""
