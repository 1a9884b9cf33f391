"""What the accounts of the demonstration have in common. An instance in production refuses to start with them."""

PASSWORD = "pacta-sunt-servanda"
