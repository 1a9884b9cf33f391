"""What this instance exchanges with others: the format, and signed parcels of published objects."""
