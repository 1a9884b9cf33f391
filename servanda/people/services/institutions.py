"""Institutions are made, described and put in their place in the tree; `successions` closes them."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.models import Institution, User
from servanda.people.services.appointments import FieldRefused, difference_of, in_words
from servanda.trail.models import Event

MOST_LEVELS = 5  # a list of institutions is put in the order of the tree by as many joins
type Tree = dict[int, int | None]


@transaction.atomic
def create_institution(
    *,
    code: str,
    name: LazyI18nString | str,
    branch: str,
    level: str,
    parent: Institution | None,
    email: str,
    phone: str,
    address: str,
    active_from: date | None,
    by: User | None,
) -> Institution:
    """From now on people can be appointed to it, and records restricted to it."""
    tree = locked_tree()
    made = Institution(code=code, name=name, branch=branch, level=level, parent=parent)
    made.email, made.phone, made.address, made.active_from = email, phone, address, active_from
    refuse_taken_code(made)
    refuse_bad_place(made, tree)
    keep(made, by=by)
    Event.record("institution-created", made, by=by, difference=difference_of({}, facts(made)))
    return made


@transaction.atomic
def edit_institution(
    *,
    institution: Institution,
    seen: int,
    code: str,
    name: LazyI18nString | str,
    branch: str,
    level: str,
    parent: Institution | None,
    email: str,
    phone: str,
    address: str,
    active_from: date | None,
    by: User | None,
) -> Institution:
    """Correct what is said of it; the page keeps what was said before."""
    tree = locked_tree()
    held = Institution.objects.select_related("parent").get(pk=institution.pk)
    if version_of(held) != seen:
        raise Refused(
            _("Somebody else changed this while you were writing. Your words are below; saving replaces theirs.")
        )
    before, above = facts(held), held.parent_id
    held.code, held.name, held.branch, held.level, held.parent = code, name, branch, level, parent
    held.email, held.phone, held.address, held.active_from = email, phone, address, active_from
    difference = difference_of(before, facts(held))
    if not difference:
        return held
    refuse_taken_code(held)
    refuse_end_before_beginning(held)
    if held.parent_id != above:
        refuse_bad_place(held, tree)
    keep(held, by=by)
    Event.record("institution-edited", held, by=by, difference=difference)
    return held


def keep(institution: Institution, *, by: User | None, reason: str = "") -> None:
    """Saved, with who did it and why in the history of its fields."""
    vars(institution).update(_history_user=by, _change_reason=reason)
    institution.save()


def locked_tree() -> Tree:
    """What each institution is part of, held until the deed is done: two moves at once could close a circle."""
    rows = Institution.objects.select_for_update().order_by("pk")
    return dict(rows.values_list("pk", "parent_id"))


def version_of(institution: Institution) -> int:
    """Which state of the institution a form was opened on."""
    newest = institution.history.order_by("-history_id").values_list("history_id", flat=True).first()
    return newest or 0


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


def facts(institution: Institution) -> dict[str, object]:
    """What the trail keeps of it, the name in each language by itself."""
    data = institution.name.data if isinstance(institution.name, LazyI18nString) else institution.name
    names = {f"name.{language}": words for language, words in data.items() if words} if isinstance(data, dict) else {}
    return {
        "code": institution.code,
        **(names or {"name": str(data)}),
        "branch": institution.branch,
        "level": institution.level,
        "parent": institution.parent.code if institution.parent else "",
        "email": institution.email,
        "phone": institution.phone,
        "address": institution.address,
        "active_from": institution.active_from.isoformat() if institution.active_from else "",
    }
