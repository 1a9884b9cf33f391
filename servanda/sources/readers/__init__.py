"""One module for each shape of file; each turns a file into candidates and touches no database."""
