"""What a text says of itself: its language, its tokens for search, and whether another text says the same."""
