"""What others bring in, with or without an account, and how it is answered."""
