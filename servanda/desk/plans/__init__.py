"""Plans, actions, and the records that actions answer."""
