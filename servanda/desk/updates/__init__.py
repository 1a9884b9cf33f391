"""Updates of institutions and their evidence: write, validate, publish."""
