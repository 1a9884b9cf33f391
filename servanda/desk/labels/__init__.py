"""Labels that the machine suggests, one by one and many at once, and what it learned them from."""
