"""The reply of the State: written, cleared, dispatched; what the body publishes, and the version for the public."""
