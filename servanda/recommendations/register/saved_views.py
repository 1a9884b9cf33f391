"""Lists that a person wants to find again. They are private, so the trail does not record them."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.recommendations.models import SavedView

LONGEST_NAME, LONGEST_QUERY = 120, 2000  # as the columns


def views_of(user):
    return SavedView.objects.filter(owner=user)


def save_view(*, name: str, query: str, by) -> SavedView:
    """Save a filtered list under a name; the same name again replaces the list."""
    if len(query) > LONGEST_QUERY:
        raise Refused(_("This list has too many filters to be saved. Remove some first."))
    view, _is_new = SavedView.objects.update_or_create(owner=by, name=_named(name), defaults={"query": query})
    return view


def rename_view(*, view: SavedView, name: str, by) -> None:
    try:
        with transaction.atomic():
            views_of(by).filter(pk=view.pk).update(name=_named(name))
    except IntegrityError as error:
        raise Refused(_("Another saved list already has this name. Choose a different one.")) from error


def hand_over_views(*, person, to, origin: str) -> int:
    """Copy the lists of a person to another, with their origin in the names; returns how many were copied."""
    views = list(views_of(person))
    for view in views:
        name = _from(view.name, origin[: LONGEST_NAME // 2])
        SavedView.objects.update_or_create(owner=to, name=name, defaults={"query": view.query})
    return len(views)


def delete_view(*, view: SavedView, by) -> None:
    views_of(by).filter(pk=view.pk).delete()


def _named(name: str) -> str:
    plain = " ".join(name.replace("\0", " ").split())
    if not plain or len(plain) > LONGEST_NAME:
        message = _("Enter a name of at most %(number)d characters for the list.")
        raise Refused(message % {"number": LONGEST_NAME})
    return plain


def _from(name: str, origin: str) -> str:
    """A name that would become too long is cut, but not the origin in it."""
    whole = _("%(name)s (from %(origin)s)")
    too_long = max(0, len(whole % {"name": name, "origin": origin}) - LONGEST_NAME)
    return whole % {"name": name[: len(name) - too_long], "origin": origin}
