"""Names of States and bodies in a file that the vocabulary does not know, each assigned once for all rows."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.vocab.lookup import fold
from servanda.vocab.models import Body, Country, CountryAlias
from servanda.vocab.services import editing
from servanda.vocab.state_names import state_key


@dataclass(frozen=True, slots=True)
class UnknownName:
    name: str
    is_body: bool
    rows: int


def unknown_names(batch: Batch) -> list[UnknownName]:
    """Each name with the number of its rows; States before bodies, the most frequent first."""
    rows: Counter[tuple[bool, str]] = Counter()
    for field, name, count in batch.remarks.exclude(name="").values_list("field", "name", "rows"):
        rows[field == "body", name] += count
    names = [UnknownName(name, is_body, count) for (is_body, name), count in rows.items()]
    return sorted(names, key=lambda unknown: (unknown.is_body, -unknown.rows, unknown.name))


def can_be_known(name: str, *, is_body: bool) -> bool:
    """Whether the name can be saved as a spelling: it has letters and is not too long."""
    longest = CountryAlias._meta.get_field("name").max_length or 0
    return bool(fold(name) if is_body else state_key(name)) and len(name) <= longest


@transaction.atomic
def use_names(*, batch: Batch, states: Mapping[str, str], bodies: Mapping[str, str], by: User) -> int:
    """Save each name as a spelling of the State or body with this code; returns how many.

    The caller queues the task that previews the file again; until then it cannot be applied. Raises `Refused`.
    """
    batch = Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != Batch.State.PREVIEWED:
        raise Refused(_("Names can be assigned only before the import is applied."))
    if not states and not bodies:
        raise Refused(_("Select a State or body for at least one name."))
    open_names = {(unknown.name, unknown.is_body) for unknown in unknown_names(batch)}
    for name, code in states.items():
        refuse_other_names(name, open_names, is_body=False)
        editing.add_spelling(country=Country.objects.get(code=code), name=name, by=by)
    for name, code in bodies.items():
        refuse_other_names(name, open_names, is_body=True)
        editing.add_name_of_body(body=Body.objects.get(code=code), name=name, by=by)
    batch.state = Batch.State.PREVIEWING
    batch.save(update_fields=["state"])
    return len(states) + len(bodies)


def refuse_other_names(name: str, open_names: set[tuple[str, bool]], *, is_body: bool) -> None:
    if (name, is_body) not in open_names or not can_be_known(name, is_body=is_body):
        raise Refused(_("“%(name)s” is not an unrecognised name of this file.") % {"name": name})
