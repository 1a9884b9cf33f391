"""Posts of visitors without an account, deleted within an hour, and forms that were sent."""

from datetime import timedelta

from django.db import models

from servanda.people.models.persons import User


class AddressSalt(models.Model):
    """The daily salt of the hashes of network addresses; once it is deleted, they cannot be traced."""

    day = models.DateField(unique=True)
    salt = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.day)


class VisitorPost(models.Model):
    """One post from a network address, stored as a keyed hash for less than an hour."""

    KEPT = timedelta(minutes=50)

    address = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["address", "at"])]

    def __str__(self) -> str:
        return f"{self.address[:8]} {self.at}"


class SentForm(models.Model):
    """A form that created something; sent again, it leads to the result."""

    KEPT = timedelta(days=30)

    key = models.UUIDField(primary_key=True)
    sender = models.ForeignKey(User, models.CASCADE, related_name="+")
    page = models.CharField(max_length=128)
    led_to = models.CharField(max_length=500, blank=True)  # empty until the first one is saved
    sent_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.page} {self.sent_at}"
