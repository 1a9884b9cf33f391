"""The code from the phone besides the password: who needs one, and how its secrets are encrypted."""
