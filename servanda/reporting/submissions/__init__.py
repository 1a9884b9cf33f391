"""A report on its way out: cleared step by step, submitted with immutable files, published if a person says so."""
