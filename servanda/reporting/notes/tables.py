"""Comments, suggestions and tasks on the sections of a report, as the rows of a file."""

from collections.abc import Iterator
from datetime import datetime
from itertools import batched

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.reporting.models import SectionNote

AT_ONCE = 200
COLUMNS = (
    *(_("Section"), _("Kind"), _("Text"), _("Passage"), _("New text"), _("Author"), _("Written on"), _("Person")),
    *(_("Deadline"), _("Status"), _("Closed by"), _("Closed on"), _("Replies")),
)


def cells_of(notes: QuerySet[SectionNote], user: User) -> Iterator[list[str]]:
    replies = Prefetch("replies", SectionNote.objects.select_related("by").order_by("pk"))
    for rows in batched(notes.prefetch_related(replies).iterator(chunk_size=AT_ONCE), AT_ONCE):
        people = [person for row in rows for person in (row.by, row.owner, row.closed_by)]
        names = shown_names([*people, *(reply.by for row in rows for reply in row.replies.all())], to=user)
        for row in rows:
            yield [
                row.section.heading,
                str(row.get_kind_display()),
                row.text,
                row.passage,
                row.replacement,
                names.get(row.by_id or 0, ""),
                day_of(row.at),
                names.get(row.owner_id or 0, ""),
                row.due_on.isoformat() if row.due_on else "",
                row.outcome_label,
                names.get(row.closed_by_id or 0, ""),
                day_of(row.closed_at),
                "\n".join(line_of(reply, names.get(reply.by_id or 0, "")) for reply in row.replies.all()),
            ]


def line_of(reply: SectionNote, name: str) -> str:
    return f"{day_of(reply.at)}, {name}: {reply.text}"


def day_of(moment: datetime | None) -> str:
    return timezone.localdate(moment).isoformat() if moment else ""
