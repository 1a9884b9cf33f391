"""What the pages of the network share: forms, releases, commitments, and entries of peers."""
