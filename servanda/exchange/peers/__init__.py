"""Other mechanisms: which are trusted, with which key, what each may send and read."""
