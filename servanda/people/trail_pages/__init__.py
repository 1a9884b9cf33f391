"""The pages of the trail: events in sentences, as far as the reader may see them, with filters and as a file."""
