"""Templates of reports: the shipped ones, and the copies and additions of this instance."""
