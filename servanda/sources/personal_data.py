"""Personal data in sources: steps that a person marked as done stay without the name, their calendar address
goes, and what they were responsible for has no one responsible."""

import json
import re
from typing import Any

from django.db.models import Q

from servanda.intake.models import Batch, StagedRow
from servanda.intake.personal_data import TEXTS, forget_file, with_names
from servanda.people.accounts.personal_data import keeps_personal_data, shown_where_seen, whole_words
from servanda.people.models import User
from servanda.sources.models import CalendarFeed, Obligation, ObligationFile, ObligationStep
from servanda.sources.obligations.persons import change_responsible, open_obligations_of
from servanda.sources.obligations.sheet_kind import SHAPE


def seen_through(path: str, person: User) -> Q:
    """The condition for rows of obligations that the person still sees."""
    return Q(**{f"{path}__in": Obligation.objects.visible_to(person).order_by().values("pk")})


def steps(person: User) -> list[dict]:
    rows = ObligationStep.objects.filter(done_by=person).order_by("pk")
    return shown_where_seen(rows, ["obligation__code", "done_on"], ["title"], seen=seen_through("obligation", person))


def keep_work(_person: User, _names: list[str]) -> None:
    """Kept. It is the work of an institution; whoever did it is shown as an erased person from then on."""


keeps_personal_data("steps_of_obligations", export=steps, erase=keep_work)


def responsible_for(person: User) -> list[dict]:
    rows = Obligation.objects.filter(responsible=person).order_by("pk")
    return shown_where_seen(rows, ["code"], ["kind", "due_on", "state"], seen=seen_through("pk", person))


def free_obligations(person: User, names: list[str]) -> None:
    """What is still to be done has no one responsible. Spreadsheets that named the person lose the name and their
    file."""
    change_responsible(open_obligations_of(person).select_for_update(), None, by=None)
    rows, pattern = StagedRow.objects.filter(batch__shape=SHAPE), whole_words(names)
    naming = with_names(rows, names, TEXTS)
    codes = Obligation.history.filter(responsible=person).order_by().values("code")
    batches = rows.filter(Q(pk__in=naming.values("pk")) | Q(code__in=codes)).values("batch")
    for batch in Batch.objects.filter(pk__in=list(batches.values_list("batch", flat=True))):
        forget_file(batch)
    for row in naming:
        if row.difference:
            row.difference = json.dumps(without(pattern, json.loads(row.difference)), ensure_ascii=False)
        row.summary, row.code = pattern.sub("", row.summary), pattern.sub("", row.code)
        row.reason = "" if pattern.search(row.reason) else row.reason
        row.save(update_fields=list(TEXTS))


def without(pattern: re.Pattern[str], value: Any) -> Any:
    """A value of JSON whose texts have lost what the pattern finds; names of columns stay."""
    if isinstance(value, str):
        return pattern.sub("", value)
    if isinstance(value, dict):
        return {key: without(pattern, part) for key, part in value.items()}
    return [without(pattern, part) for part in value] if isinstance(value, list) else value


keeps_personal_data("obligations", export=responsible_for, erase=free_obligations)


def files(person: User) -> list[dict]:
    rows = ObligationFile.objects.filter(added_by=person).order_by("pk")
    return shown_where_seen(rows, ["obligation__code", "added_at"], ["name"], seen=seen_through("obligation", person))


keeps_personal_data("files of obligations", export=files, erase=keep_work)


def calendar_address(person: User) -> list[dict]:
    return [dict(row) for row in CalendarFeed.objects.filter(person=person).values("created_at", "read_at")]


def forget_calendar_address(person: User, _names: list[str]) -> None:
    CalendarFeed.objects.filter(person=person).delete()


keeps_personal_data("calendar_address", export=calendar_address, erase=forget_calendar_address)
