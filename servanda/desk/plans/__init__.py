"""Plans and their actions, and the records that an action answers."""
