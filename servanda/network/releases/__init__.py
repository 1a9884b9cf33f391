"""Which entries of the network other systems may read: requests, offers, meetings and training."""
