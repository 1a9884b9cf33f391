"""From a text to its words: its language, tokens and stems, the words that decide, and the question of a search."""
