"""What's new: changes since a person's last visit, of records and of their institutions."""
