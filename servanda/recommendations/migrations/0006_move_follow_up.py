"""The day and the reply of requested follow-up move to obligations: one for each document, day and reply. In steps of
their own, because PostgreSQL alters no table with pending rows."""

from django.db import migrations

FINISHED = "submitted"


def move(apps, _schema_editor):
    follow_up = apps.get_model("recommendations", "FollowUp")
    rows = follow_up.objects.select_related("recommendation").order_by("pk")
    made = {}
    for row in rows.iterator(500):
        if row.kind == "dissemination" and row.due_on is None:
            continue
        record = row.recommendation
        key = (record.body_id, record.document_id, record.confidentiality, row.kind, row.due_on)
        key += (row.replied_on, row.reply, row.added_by_id if row.due_on is None else None)
        if record.confidentiality == "restricted" or (record.document_id is None and row.due_on is None):
            key += (record.pk,)
        if key not in made:
            made[key] = present_one(apps, row) or new_one(apps, row)
        follow_up.objects.filter(pk=row.pk).update(obligation_id=made[key])


def present_one(apps, row):
    """An open obligation of the same document and day, which was the second truth."""
    record = row.recommendation
    if row.replied_on or record.confidentiality == "restricted" or row.due_on is None or record.document_id is None:
        return None
    obligation = apps.get_model("sources", "Obligation")
    same = obligation.objects.filter(
        body_id=record.body_id,
        document_id=record.document_id,
        confidentiality=record.confidentiality,
        kind="follow-up" if row.kind == "follow-up" else "other",
        due_on=row.due_on,
        is_derived=False,
        withdrawn_at=None,
        state__in=["expected", "open", "in-preparation", "cleared"],
    )
    pk = same.order_by("pk").values_list("pk", flat=True).first()
    obligation.objects.filter(pk=pk).update(has_records=True)
    return pk


def new_one(apps, row):
    record, obligation = row.recommendation, apps.get_model("sources", "Obligation")
    is_follow_up = row.kind == "follow-up"
    made = obligation.objects.create(
        code=next_code(obligation),
        body_id=record.body_id,
        document_id=record.document_id,
        kind="follow-up" if is_follow_up else "other",
        title="" if is_follow_up else "Dissemination requested",
        words=row.words,
        due_on=row.due_on,
        certainty="fixed" if row.due_on else "to-be-communicated",
        day_from="document" if row.words else "hand",
        force="requested",
        state=FINISHED if row.replied_on else "expected",
        confidentiality=record.confidentiality,
        has_records=True,
        is_made_for_records=True,
    )
    if row.replied_on:
        apps.get_model("sources", "Submission").objects.create(
            obligation=made, submitted_on=row.replied_on, reply=row.reply, state_before="expected"
        )
    return made.pk


def next_code(obligation):
    number = (obligation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while obligation.objects.filter(code__iexact=f"O-{number}").exists():
        number += 1
    return f"O-{number}"


def move_back(apps, _schema_editor):
    follow_up = apps.get_model("recommendations", "FollowUp")
    submission = apps.get_model("sources", "Submission")
    for row in follow_up.objects.exclude(obligation=None).select_related("obligation").order_by("pk").iterator(500):
        proof = submission.objects.filter(obligation=row.obligation).first() if row.kind == "follow-up" else None
        values = {"replied_on": proof.submitted_on, "reply": proof.reply} if proof else {}
        follow_up.objects.filter(pk=row.pk).update(due_on=row.obligation.due_on, **values)
    follow_up.objects.update(obligation=None)
    apps.get_model("sources", "Obligation").objects.filter(is_made_for_records=True).delete()


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0005_obligations_of_follow_up")]

    operations = [migrations.RunPython(move, move_back)]
