"""What the paragraphs of a document are: marks, kinds, units, operative parts, dates, deadlines."""
