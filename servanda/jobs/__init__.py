"""Work that outlives a request: schedules, retries, the reaper of lost jobs, on top of django.tasks."""
