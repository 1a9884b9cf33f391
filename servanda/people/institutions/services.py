"""Create and edit institutions and their place in the hierarchy; `successions` closes them."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from i18nfield.strings import LazyI18nString

from servanda.kit.database.sentences import gettext as _
from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused
from servanda.people.institutions.saving import refuse_if_saved_since, save_attributed
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of
from servanda.trail.models import Event

MOST_LEVELS = 5  # lists of institutions need as many joins for their order
type Tree = dict[int, int | None]


class Description(TypedDict):
    """The fields of an institution that can be edited."""

    code: str
    name: LazyI18nString | str
    branch: str
    level: str
    parent: Institution | None
    email: str
    phone: str
    address: str
    active_from: date | None


@transaction.atomic
def create_institution(*, by: User | None, **description: Unpack[Description]) -> Institution:
    """Create an institution.

    Raises `FieldRefused` if the code is in use or the place in the hierarchy is not allowed.
    """
    tree = locked_tree()
    institution = describe(Institution(), description)
    refuse_taken_code(institution)
    refuse_bad_place(institution, tree)
    save_attributed(institution, by=by)
    Event.record("institution-created", institution, by=by, difference=difference_of({}, facts(institution)))
    return institution


@transaction.atomic
def edit_institution(
    *, institution: Institution, seen: int, by: User | None, **description: Unpack[Description]
) -> Institution:
    """Edit an institution; `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if another person saved it since, and `FieldRefused` if a value is not allowed.
    """
    tree = locked_tree()
    institution = Institution.objects.select_related("parent").get(pk=institution.pk)
    refuse_if_saved_since(institution, seen=seen)
    before, above = facts(institution), institution.parent_id
    difference = difference_of(before, facts(describe(institution, description)))
    if not difference:
        return institution
    refuse_taken_code(institution)
    refuse_end_before_beginning(institution)
    if institution.parent_id != above:
        refuse_bad_place(institution, tree)
    save_attributed(institution, by=by)
    Event.record("institution-edited", institution, by=by, difference=difference)
    return institution


def describe(institution: Institution, description: Description) -> Institution:
    """Set the fields, without saving."""
    institution.code, institution.name = description["code"], description["name"]
    institution.branch, institution.level, institution.parent = (
        description["branch"],
        description["level"],
        description["parent"],
    )
    institution.email, institution.phone, institution.address = (
        description["email"],
        description["phone"],
        description["address"],
    )
    institution.active_from = description["active_from"]
    return institution


def locked_tree() -> Tree:
    """The parent of each institution. Locks all rows, because two simultaneous moves could create a cycle."""
    rows = Institution.objects.select_for_update().order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def line_of(pk: int | None, tree: Tree) -> list[int]:
    """The institution and its ancestors, upwards."""
    line: list[int] = []
    while pk is not None and pk not in line:
        line.append(pk)
        pk = tree[pk]
    return line


def height(pk: int, tree: Tree) -> int:
    """The number of levels below it."""
    return max((line_of(key, tree).index(pk) for key in tree if pk in line_of(key, tree)), default=0)


def refuse_taken_code(institution: Institution) -> None:
    others = Institution.objects.filter(code__iexact=institution.code).exclude(pk=institution.pk)
    if other := others.first():
        sentence = _("%(institution)s already has this abbreviation. Enter another one.")
        raise FieldRefused("code", sentence % {"institution": other})


def refuse_end_before_beginning(institution: Institution) -> None:
    begins, ends = institution.active_from, institution.active_to
    if begins is not None and ends is not None and ends < begins:
        sentence = _("The institution existed until %(day)s. Enter this or an earlier date.")
        raise FieldRefused("active_from", sentence % {"day": in_words(ends)})


def refuse_bad_place(institution: Institution, tree: Tree) -> None:
    """Raises `FieldRefused` if the parent is closed, is below the institution itself, or is too deep."""
    above = institution.parent
    if above is None:
        return
    if above.active_to is not None:
        sentence = _("%(institution)s is closed. Choose its successor.")
        raise FieldRefused("parent", sentence % {"institution": above})
    line = line_of(above.pk, tree)
    if institution.pk in line:
        sentence = _("%(above)s is part of %(institution)s. Choose an institution that is not part of it.")
        raise FieldRefused("parent", sentence % {"above": above, "institution": institution})
    below = height(institution.pk, tree) if institution.pk else 0
    if len(line) + 1 + below > MOST_LEVELS:
        sentence = _("Institutions can have at most %(most)s levels. Choose one at a higher level.")
        raise FieldRefused("parent", sentence % {"most": MOST_LEVELS})


def names_of(institution: Institution) -> dict[str, str]:
    """The name by language; under "" if it has no language."""
    data = institution.name.data if isinstance(institution.name, LazyI18nString) else institution.name
    return dict(data) if isinstance(data, dict) else {"": str(data or "")}


def facts(institution: Institution) -> dict[str, object]:
    """The facts for the trail, with one entry for the name in each language."""
    names = {f"name.{language}" if language else "name": text for language, text in names_of(institution).items()}
    return {
        "code": institution.code,
        **{name: text for name, text in names.items() if text},
        "branch": institution.branch,
        "level": institution.level,
        "parent": institution.parent.code if institution.parent else "",
        "email": institution.email,
        "phone": institution.phone,
        "address": institution.address,
        "active_from": institution.active_from.isoformat() if institution.active_from else "",
    }
