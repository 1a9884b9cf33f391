"""What is due to whom: obligations with their deadlines, steps, extensions, letters and submissions."""
