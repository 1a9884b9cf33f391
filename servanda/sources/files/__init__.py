"""A file of any kind turned into lines of text, in processes with bounds of time and memory."""
