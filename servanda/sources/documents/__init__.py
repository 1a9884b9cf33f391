"""Documents of any monitoring body: what the masthead says of them, and the units they are read into."""
