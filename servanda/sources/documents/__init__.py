"""Documents of any monitoring body: facts from the masthead, and the units into which they are split."""
