"""Access keys, with which programs act for a person, within that person's rights."""
