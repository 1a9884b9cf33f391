"""Reports in other languages: section by section, beside the source text, with terms and earlier translations."""
