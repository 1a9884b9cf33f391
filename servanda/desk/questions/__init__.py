"""Questions put to the State: documents with questions, the questions of one, editing, and their records."""
