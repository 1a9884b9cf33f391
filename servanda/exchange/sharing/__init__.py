"""What goes out: own signing keys, and the feed of changes to published objects as a signed parcel."""
