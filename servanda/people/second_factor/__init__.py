"""The second factor, a code from a phone: who needs one, and the encryption of its secrets."""
