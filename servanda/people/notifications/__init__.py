"""What the system tells one person, on a page and by mail, and what that person opened lately."""
