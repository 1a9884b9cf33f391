"""The desk: pages of people who are logged in, and every page that shows more than one room."""
