"""Review of documents, unit by unit, before they are imported."""
