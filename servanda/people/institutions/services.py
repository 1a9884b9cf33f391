"""Institutions are made, described and put in their place in the tree; `successions` closes them."""

from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.days import in_words
from servanda.kit.refusal import FieldRefused
from servanda.people.institutions.saving import refuse_if_saved_since, save_attributed
from servanda.people.models import Institution, User
from servanda.people.versioning import difference_of
from servanda.trail.models import Event

MOST_LEVELS = 5  # a list of institutions is put in the order of the tree by as many joins
type Tree = dict[int, int | None]


class Description(TypedDict):
    """What can be said of an institution by those who manage people."""

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
def create_institution(*, by: User | None, **said: Unpack[Description]) -> Institution:
    """From now on people can be appointed to it, and records restricted to it."""
    tree = locked_tree()
    made = describe(Institution(), said)
    refuse_taken_code(made)
    refuse_bad_place(made, tree)
    save_attributed(made, by=by)
    Event.record("institution-created", made, by=by, difference=difference_of({}, facts(made)))
    return made


@transaction.atomic
def edit_institution(
    *, institution: Institution, seen: int, by: User | None, **said: Unpack[Description]
) -> Institution:
    """Correct what is said of it; the page keeps what was said before."""
    tree = locked_tree()
    held = Institution.objects.select_related("parent").get(pk=institution.pk)
    refuse_if_saved_since(held, seen=seen)
    before, above = facts(held), held.parent_id
    difference = difference_of(before, facts(describe(held, said)))
    if not difference:
        return held
    refuse_taken_code(held)
    refuse_end_before_beginning(held)
    if held.parent_id != above:
        refuse_bad_place(held, tree)
    save_attributed(held, by=by)
    Event.record("institution-edited", held, by=by, difference=difference)
    return held


def describe(institution: Institution, said: Description) -> Institution:
    """The same row, with what is said of it now."""
    institution.code, institution.name = said["code"], said["name"]
    institution.branch, institution.level, institution.parent = said["branch"], said["level"], said["parent"]
    institution.email, institution.phone, institution.address = said["email"], said["phone"], said["address"]
    institution.active_from = said["active_from"]
    return institution


def locked_tree() -> Tree:
    """What each institution is part of, held until the deed is done: two moves at once could close a circle."""
    rows = Institution.objects.select_for_update().order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def line_of(pk: int | None, tree: Tree) -> list[int]:
    """The institution and all that it is part of, upwards."""
    line: list[int] = []
    while pk is not None and pk not in line:
        line.append(pk)
        pk = tree[pk]
    return line


def height(pk: int, tree: Tree) -> int:
    """How many levels stand below it."""
    return max((line_of(one, tree).index(pk) for one in tree if pk in line_of(one, tree)), default=0)


def refuse_taken_code(institution: Institution) -> None:
    others = Institution.objects.filter(code__iexact=institution.code).exclude(pk=institution.pk)
    if other := others.first():
        sentence = _("%(institution)s has this abbreviation already. Choose another one.")
        raise FieldRefused("code", sentence % {"institution": other})


def refuse_end_before_beginning(institution: Institution) -> None:
    begins, ends = institution.active_from, institution.active_to
    if begins is not None and ends is not None and ends < begins:
        sentence = _("It existed until %(day)s. Choose that day or an earlier one.")
        raise FieldRefused("active_from", sentence % {"day": in_words(ends)})


def refuse_bad_place(institution: Institution, tree: Tree) -> None:
    """Not under a closed one, not under what is part of it, and not so deep that no list could show it."""
    above = institution.parent
    if above is None:
        return
    if above.active_to is not None:
        sentence = _("%(institution)s is closed. Choose the institution that took over from it.")
        raise FieldRefused("parent", sentence % {"institution": above})
    line = line_of(above.pk, tree)
    if institution.pk in line:
        sentence = _("%(above)s is itself part of %(institution)s. Choose one outside of it.")
        raise FieldRefused("parent", sentence % {"above": above, "institution": institution})
    below = height(institution.pk, tree) if institution.pk else 0
    if len(line) + 1 + below > MOST_LEVELS:
        sentence = _("That would make more than %(most)s levels. Choose one further up.")
        raise FieldRefused("parent", sentence % {"most": MOST_LEVELS})


def names_of(institution: Institution) -> dict[str, str]:
    """The name by language; one that was written without any stands under none."""
    data = institution.name.data if isinstance(institution.name, LazyI18nString) else institution.name
    return dict(data) if isinstance(data, dict) else {"": str(data or "")}


def facts(institution: Institution) -> dict[str, object]:
    """What the trail keeps of it, the name in each language by itself."""
    names = {f"name.{language}" if language else "name": words for language, words in names_of(institution).items()}
    return {
        "code": institution.code,
        **{name: words for name, words in names.items() if words},
        "branch": institution.branch,
        "level": institution.level,
        "parent": institution.parent.code if institution.parent else "",
        "email": institution.email,
        "phone": institution.phone,
        "address": institution.address,
        "active_from": institution.active_from.isoformat() if institution.active_from else "",
    }
