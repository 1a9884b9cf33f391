"""The pages of the trail: who did what, in words that the reader may see, filtered and as a file."""
