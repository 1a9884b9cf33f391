"""Documents that are looked through unit by unit before they are imported."""
