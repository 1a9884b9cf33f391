"""Updates: what an institution reports, from draft to publication, and how long it has reported nothing."""
