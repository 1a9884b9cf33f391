"""The instance, its users and institutions, and who may do and see what."""
