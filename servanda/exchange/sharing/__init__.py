"""What goes out: signing keys, the signed pages of the public feed, and the same as a parcel."""
