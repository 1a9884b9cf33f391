"""What is left when the database refuses a reminder."""

import pytest
from django.db import IntegrityError, connection

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.progress.models import Reminder
from servanda.trail.models import Event
from tests import make
from tests.progress.rounds.test_reminding import run
from tests.rounds_make import TODAY, request

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def one_line_in_all():
    """The database takes one line that tells of a reminder, and refuses the next."""
    with connection.cursor() as cursor:
        cursor.execute('CREATE UNIQUE INDEX one_line_in_all ON progress_reminder ("on")')
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX one_line_in_all")


@pytest.mark.database
def test_an_error_while_reminding_leaves_neither_mail_nor_reminder(one_line_in_all):
    ministry = make.institution("ministry")
    make.user(Role.FOCAL_POINT, ministry)
    make.user(Role.FOCAL_POINT, ministry)
    request(ministry)
    with pytest.raises(IntegrityError):
        run(TODAY)
    assert (Mail.objects.count(), Reminder.objects.count()) == (0, 0)
    assert not Event.objects.filter(action="input-reminders-sent").exists()
