"""Words of texts: languages, tokens and stems, decisive words, and search queries."""
