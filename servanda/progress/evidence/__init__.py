"""Evidence: files and links that are examined, described, downloaded and withdrawn."""
