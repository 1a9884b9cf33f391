"""Training: a catalogue of courses, their sessions, registration with a waiting list, and attendance."""
