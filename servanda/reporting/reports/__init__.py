"""Reports: what they cover, their sections with texts and versions, and what sections quote."""
