"""Work that outlives a request, on top of django.tasks: schedules, mails, retries, a reaper of lost jobs; backups."""
