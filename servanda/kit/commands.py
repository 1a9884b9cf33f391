"""What the commands of all rooms share."""

from django.core.checks import Tags

# The system checks that run before a command. Those of models and URLs are left to `check`: they find the same at
# every start, and import every view, which takes longer than most commands do.
CHECKS = (Tags.security, Tags.compatibility)
