"""Reports of the State: templates, which are data, drafting, input of institutions, consultation, clearance,
translation, files, and Word files that come back."""
