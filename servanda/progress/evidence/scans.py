"""Letters of institutions entered with their scan, which is kept as evidence."""

from typing import Any

from django.db import transaction

from servanda.people.models import User
from servanda.progress.evidence.services import Described, Examined, keep_file
from servanda.progress.models import Evidence, Update
from servanda.progress.updates.coverage import records_of
from servanda.progress.updates.letters import enter_on_behalf


@transaction.atomic
def enter_letter(*, scan: Examined | None, by: User, **letter: Any) -> Update:
    """Enter what came by letter, as `enter_on_behalf` does, with the file of the letter if there is one.

    Raises `Refused` as that does, and if the quota of the institution is used up; then nothing is entered.
    """
    update = enter_on_behalf(**letter, by=by)
    if scan is not None:
        described = Described(
            kind=Evidence.Kind.OTHER, title=update.letter, date=update.letter_date, language=update.language
        )
        records, place = records_of(update), update.institution
        keep_file(
            examined=scan, described=described, recommendations=records, by=by, institution=place, update=update
        )
    return update
