"""Treaties: to which the State is party and since when, accepted procedures, reservations and objections."""
