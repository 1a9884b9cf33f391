"""The network itself: its rules, its members from application to leaving, and their contact persons."""
