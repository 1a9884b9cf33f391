"""What sections of reports may be written from."""
