"""What the commands of all rooms share."""

from django.core.checks import Tags

# Of a command that is not `check`. All others look at models and URLs, which are the same at every start, and import
# every view for it: that would take longer than most commands.
CHECKS = (Tags.security, Tags.compatibility)
