"""What the list, the files and the page of a record tell of follow-up."""
