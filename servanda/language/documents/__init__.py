"""Analysis of the paragraphs of documents: marks, kinds, units, operative parts, dates, deadlines."""
