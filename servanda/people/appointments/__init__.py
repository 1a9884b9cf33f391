"""Appointments: who answers for an institution, in which function, from when to when, and reminders before the
end."""
