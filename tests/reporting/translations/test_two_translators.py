"""Two people translate one paragraph at the same moment: one text is kept, and the other person is told."""

from functools import partial

import pytest

from servanda.people.access import Role
from servanda.reporting.models import SectionTranslation
from servanda.reporting.reports.services import write_section
from servanda.reporting.translation_tables.services import accept_returned_translation
from servanda.reporting.translations.services import review_translation
from tests import make, reports_make
from tests.threads import at_once, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)
LAW = "The law of 2024 protects victims of trafficking."


def french(by) -> SectionTranslation:
    report = reports_make.report(by)
    write_section(section=report.sections.get(key="method"), text=LAW, seen=1, by=by)
    return reports_make.into(report, "fr", by).sections.get(section__key="method")


def translators() -> list:
    return [make.user(Role.COORDINATOR, name=name) for name in ("Ana", "Bor")]


@pytest.mark.database
def test_of_two_translations_of_one_paragraph_one_is_kept_and_the_other_is_told():
    people = translators()
    translation = french(people[0])
    deeds = [
        partial(outcome_of, partial(reports_make.translated, translation, [f"Texte de {who}."], who, seen=1))
        for who in people
    ]
    outcomes = at_once(deeds)
    assert sorted(map(bool, outcomes)) == [False, True]
    translation.refresh_from_db()
    winner = people[outcomes.index("")]
    assert (translation.version, translation.changed_by) == (2, winner)
    assert translation.text == f"Texte de {winner}."
    assert translation.versions.count() == 1


@pytest.mark.database
def test_a_table_accepted_while_somebody_types_loses_nothing():
    ana, bor = translators()
    translation = french(ana)
    row = reports_make.returned_table(translation, ana, "Texte du tableau.").sections.get()
    accept = partial(accept_returned_translation, returned=row, places=[0], seen=1, by=ana)
    typed = partial(reports_make.translated, translation, ["Texte saisi."], bor, seen=1)
    outcomes = at_once([partial(outcome_of, accept), partial(outcome_of, typed)])
    assert sorted(map(bool, outcomes)) == [False, True]
    translation.refresh_from_db()
    row.refresh_from_db()
    is_accepted = outcomes[0] == ""
    assert translation.text == ("Texte du tableau." if is_accepted else "Texte saisi.")
    assert row.state == ("accepted" if is_accepted else "proposed")


@pytest.mark.database
def test_a_text_that_changes_at_the_moment_of_its_review_is_never_reviewed_unseen():
    ana, bor = translators()
    translation = reports_make.translated(french(ana), ["Texte."], ana)
    review = partial(review_translation, translation=translation, seen=translation.version, by=bor)
    change = partial(reports_make.translated, translation, ["Autre texte."], ana, seen=translation.version)
    outcomes = at_once([partial(outcome_of, review), partial(outcome_of, change)])
    assert sorted(map(bool, outcomes)) == [False, True]
    translation.refresh_from_db()
    assert (translation.state, translation.text) == (
        ("reviewed", "Texte.") if outcomes[0] == "" else ("draft", "Autre texte.")
    )
