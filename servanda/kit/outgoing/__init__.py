"""What goes out over HTTP: which addresses may be asked, and within which bounds."""
