"""The migration that moves days and replies of follow-up to obligations, and the way back."""

from datetime import date

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tests import make

BEFORE = [("recommendations", "0005_obligations_of_follow_up"), ("progress", "0002_reminders_of_obligations")]
DAY, OTHER = date(2026, 3, 1), date(2026, 2, 1)


def migrated(targets):
    executor = MigrationExecutor(connection)
    executor.migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(400)  # migrations back and forth
def test_days_and_replies_move_to_one_obligation_for_each_document_and_day_and_back():
    latest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    person = make.user()
    records = [make.recommendation(confidentiality=level) for level in ("public", "public", "restricted")]
    try:
        apps = migrated(BEFORE)
        follow_up = apps.get_model("recommendations", "FollowUp")
        for record in records:
            follow_up.objects.create(recommendation_id=record.pk, kind="follow-up", due_on=DAY, words="one year")
        replied = {"kind": "follow-up", "due_on": OTHER, "replied_on": OTHER, "reply": "X"}
        follow_up.objects.create(recommendation_id=records[0].pk, **replied)
        follow_up.objects.create(recommendation_id=records[0].pk, kind="dissemination")
        reminder = apps.get_model("progress", "Reminder")
        reminder.objects.create(person_id=person.pk, report_due_on=DAY, on=DAY, step="due")
        apps = migrated(latest)
        rows = apps.get_model("recommendations", "FollowUp").objects.order_by("pk")
        first, second, restricted, sent, spread = rows.values_list("obligation", flat=True)
        assert (first == second, restricted in (first, None), spread) == (True, False, None)
        days = apps.get_model("sources", "Obligation").objects.in_bulk()
        assert [days[pk].due_on for pk in (first, restricted, sent)] == [DAY, DAY, OTHER]
        assert [days[pk].state for pk in (first, sent)] == ["expected", "submitted"]
        assert apps.get_model("progress", "Reminder").objects.get().obligation_id == first
        back = migrated(BEFORE).get_model("recommendations", "FollowUp").objects.order_by("pk")
        assert list(back.values_list("due_on", "replied_on", "reply")) == [
            *[(DAY, None, "")] * 3,
            (OTHER, OTHER, "X"),
            (None, None, ""),
        ]
        back.delete()
    finally:
        migrated(latest)
