"""What this instance exchanges with others: the format, its checks, and files in it."""
