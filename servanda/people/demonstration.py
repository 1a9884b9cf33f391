"""What product pages need to know of the demonstration: whom the tour lets a visitor log in as, and how."""

PASSWORD = "pacta-sunt-servanda"
COORDINATOR, FOCAL_POINT = "coordinator@example.org", "focal@example.org"
