"""Cases of courts and committees: their facts, their course, and the measures that were ordered in them."""
