"""What this instance shares, and the feeds in which it stands."""

from django.db import models
from django.db.models import Q


class Audience(models.TextChoices):
    """The audience of a feed. The feed for members includes what everyone may read; each feed has its own sequence
    numbers."""

    EVERYONE = "everyone"
    MEMBERS = "members"


class SharedObject(models.Model):
    """The last state of one of our objects in a feed: its content, or its withdrawal."""

    class Activity(models.TextChoices):
        CREATE = "Create"
        UPDATE = "Update"
        DELETE = "Delete"

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    object_id = models.CharField(max_length=1000)
    kind = models.CharField(max_length=20)
    activity = models.CharField(max_length=6, choices=Activity)
    sequence = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    content = models.TextField(blank=True)  # the object as JSON; empty after its withdrawal
    digest = models.CharField(max_length=64, blank=True)  # of the rows that it was read from

    class Meta:
        ordering = ["audience", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "object_id"], name="one_change_of_an_object_in_a_feed"),
            models.UniqueConstraint(fields=["audience", "sequence"], name="one_change_of_a_number_in_a_feed"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.activity} {self.object_id}"


class SharedPage(models.Model):
    """One page of the feed as it was last prepared: which changes are on it, and the hash of its bytes."""

    audience = models.CharField(max_length=8, choices=Audience, default=Audience.EVERYONE)
    number = models.PositiveIntegerField()
    first = models.PositiveBigIntegerField()  # sequence number of its first change
    last = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["audience", "number"]
        constraints = [
            models.UniqueConstraint(fields=["audience", "number"], name="one_page_of_a_number_in_a_feed"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Sharing(models.Model):
    """What this instance shares with everyone, and whether its feed is online. There is at most one row."""

    kinds = models.CharField(max_length=200)  # codes divided by blanks
    member_kinds = models.CharField(max_length=200, blank=True)  # those that only members read
    is_online = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_sharing")]

    def __str__(self) -> str:
        return self.kinds

    @property
    def kind_codes(self) -> list[str]:
        return self.kinds.split()

    @property
    def member_kind_codes(self) -> list[str]:
        return self.member_kinds.split()
