"""Two people on one thing: who was slower is told, and each save is a version with its author."""

import pytest

from servanda.people.versioning import ChangedMeanwhile, overwriting_conflict, refuse_if_changed, save_version
from servanda.planning.models import Indicator
from servanda.trail.models import Event
from tests import make


def test_what_was_saved_since_it_was_shown_is_refused_by_its_code():
    with pytest.raises(ChangedMeanwhile, match="Another user changed KR-1"):
        refuse_if_changed(2, 1, overwriting_conflict("KR-1"))


@pytest.mark.parametrize("seen", [2, None])
def test_what_is_as_it_was_shown_or_does_not_depend_on_it_is_allowed(seen):
    refuse_if_changed(2, seen, overwriting_conflict("KR-1"))


@pytest.mark.django_db
@pytest.mark.parametrize(("difference", "lines"), [(None, 0), ({}, 1), ({"name": ["", "Deaths"]}, 1)])
def test_a_saved_version_names_its_author_and_tells_the_trail_if_asked_to(difference, lines):
    person = make.user()
    indicator = Indicator(code="i-1", name="Deaths", kind=Indicator.Kind.OUTCOME, version=1, created_by=person)
    save_version(indicator, "indicator-edited", by=person, difference=difference)
    history = Indicator.history.get(id=indicator.pk)
    assert (history.version, history.history_user, history.history_change_reason) == (2, person, "indicator-edited")
    assert Event.objects.filter(action="indicator-edited", object_id=str(indicator.pk)).count() == lines
