"""Documents read in the background: converted, and their units corrected and confirmed by people."""
