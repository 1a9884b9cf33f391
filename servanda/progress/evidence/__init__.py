"""Files and links that show something: checked, described, handed out, withdrawn."""
