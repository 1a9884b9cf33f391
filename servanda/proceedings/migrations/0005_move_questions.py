"""Move the text, number, language and institutions of questions of letters and dialogues to `sources`.

A question that the applied import of the letter had added already is taken over instead of copied: it leaves the lists
of questions of documents, with what refers to it.
"""

from django.db import migrations

AT_ONCE = 500


def to_sources(apps, _editor):
    old = apps.get_model("proceedings", "Question").objects
    rows = old.select_related("proceeding__reading").prefetch_related("institutions", "proceeding__bodies")
    for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        question = imported(apps, row) or apps.get_model("sources", "Question")()
        bodies = list(row.proceeding.bodies.all()[:2])
        question.document, question.body = None, bodies[0] if len(bodies) == 1 else None
        question.place, question.number = row.number, str(row.number)
        question.text, question.language = row.text, row.language
        question.heading, question.withdrawn_at = row.proceeding.reference, row.proceeding.withdrawn_at
        question.confidentiality, question.is_of_proceeding = "restricted", True
        question.save()
        question.institutions.add(*row.institutions.all())
        apps.get_model("proceedings", "ProceedingQuestion").objects.create(
            proceeding_id=row.proceeding_id,
            question=question,
            origin=row.origin,
            due_at=row.due_at,
            answer=row.answer,
        )


def imported(apps, row):
    """The question with this text that the import of the letter has added, if it is not taken over yet."""
    reading = row.proceeding.reading
    if reading is None:
        return None
    added = apps.get_model("sources", "Question").objects.filter(added_by=reading.batch_id, is_of_proceeding=False)
    return added.filter(text=row.text).order_by("place", "pk").first()


def to_proceedings(apps, _editor):
    """Questions that institutions were asked about remain in `sources` too, as what the mechanism asks."""
    rows = apps.get_model("proceedings", "ProceedingQuestion").objects.select_related("question")
    old, question = apps.get_model("proceedings", "Question"), apps.get_model("sources", "Question")
    moved = []
    for row in rows.order_by("pk").iterator(chunk_size=AT_ONCE):
        copy = old.objects.create(
            proceeding_id=row.proceeding_id,
            number=row.question.place,
            text=row.question.text,
            language=row.question.language,
            origin=row.origin,
            due_at=row.due_at,
            answer=row.answer,
        )
        copy.institutions.set(row.question.institutions.all())
        moved.append(row.question_id)
    rows.all().delete()
    used = set()
    for room, name in (("progress", "InputItem"), ("progress", "Update"), ("recommendations", "RecordQuestion")):
        used |= set(apps.get_model(room, name).objects.exclude(question=None).values_list("question", flat=True))
    for start in range(0, len(moved), AT_ONCE):
        question.objects.filter(pk__in=[pk for pk in moved[start : start + AT_ONCE] if pk not in used]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('progress', '0005_requests_on_questions'),
        ('recommendations', '0009_commitments'),
        ('proceedings', '0004_proceeding_questions'),
    ]

    operations = [
        migrations.RunPython(to_sources, to_proceedings),
    ]
