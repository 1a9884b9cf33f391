"""How many records each value of each facet has, for what one audience may see."""
