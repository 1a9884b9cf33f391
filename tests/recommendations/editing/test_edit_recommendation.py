import pytest

from servanda.kit.refusal import Refused
from servanda.language.words.search_query import parse
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.recommendations.editing import services as editing
from servanda.recommendations.models import Recommendation, RecommendingState
from servanda.recommendations.search import fulltext
from servanda.trail.models import Event
from tests import make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def facts(record: Recommendation, **changed) -> dict:
    """The record as the form would send it back, with what a person changed in it."""
    data = {
        "version": record.version,
        "kind": record.kind,
        "symbol": record.document.symbol if record.document else "",
        "paragraph": record.paragraph,
        "date": record.date,
        "language": record.language,
        "decide_by": record.decide_by,
        "confidentiality": record.confidentiality,
        "restricted_to": [],
        "also_concerns": [],
        "recommending": [],
    }
    return {"recommendation": record, **data, **changed}


def create(by, **changed) -> Recommendation:
    data = {
        "kind": "recommendation",
        "country": make.country(),
        "body": make.body(),
        "cycle": 4,
        "year": 0,
        "symbol": "A/HRC/59/15",
        "paragraph": "140.10",
        "date": None,
        "language": "en",
        "text": "Ratify the Convention.",
        "recommending": [],
        "confidentiality": "public",
        "restricted_to": [],
    }
    return editing.create_recommendation(**{**data, **changed}, by=by)


def test_a_new_record_gets_its_reference_from_state_body_cycle_and_paragraph(coordinator):
    made = create(coordinator)
    assert made.code == "SVN-UPR-4-140.10"
    assert not made.is_public
    assert made.texts.get().text == "Ratify the Convention."


def test_a_second_record_of_one_paragraph_is_told_apart(coordinator):
    create(coordinator)
    assert create(coordinator).code == "SVN-UPR-4-140.10~2"


def test_the_number_of_a_record_that_is_still_there_is_not_given_again(coordinator):
    first, second = create(coordinator), create(coordinator)
    first.delete()
    assert create(coordinator).code != second.code


def test_texts_written_by_hand_are_cleaned_as_those_of_files(coordinator):
    made = create(coordinator, text="Ratify&nbsp;<script>alert(1)</script> the  <b>Convention</b>.")
    assert made.texts.get().text == "Ratify the Convention."


def test_a_new_record_is_found_by_its_words_and_its_symbol(coordinator):
    made = create(coordinator)
    for words in ("convention", "A/HRC/59/15", "140.10"):
        assert list(Recommendation.objects.filter(pk__in=fulltext.matching(parse(words, ["en"])))) == [made]


def test_an_edit_is_a_new_version_with_one_line_of_history_and_one_of_the_trail(coordinator):
    record = make.recommendation()
    editing.edit_recommendation(**facts(record, kind="pledge"), by=coordinator)
    record.refresh_from_db()
    assert (record.kind, record.version) == ("pledge", 2)
    newest = record.history.first()
    assert (newest.history_user, newest.kind) == (coordinator, "pledge")
    event = Event.objects.get(action="recommendation-edited")
    assert event.difference == '{"kind": ["recommendation", "pledge"]}'


def test_an_edit_that_changes_nothing_leaves_no_trace(coordinator):
    record = make.recommendation()
    editing.edit_recommendation(**facts(record), by=coordinator)
    record.refresh_from_db()
    assert record.version == 1
    assert not Event.objects.exists()


def test_the_first_hand_on_an_imported_record_keeps_what_it_found(coordinator):
    record = make.recommendation()
    record.history.all().delete()  # an import writes none
    editing.edit_recommendation(**facts(record, kind="pledge"), by=coordinator)
    found, edited = record.history.order_by("history_id")
    assert (found.kind, found.history_user) == ("recommendation", None)
    assert (edited.kind, edited.history_user) == ("pledge", coordinator)


def test_who_opened_an_older_version_is_told_and_overwrites_nothing(coordinator):
    record = make.recommendation()
    opened = facts(record)
    editing.edit_recommendation(**facts(record, kind="pledge"), by=coordinator)
    with pytest.raises(ChangedMeanwhile, match="while you were editing. Your text is kept below. Saving replaces"):
        editing.edit_recommendation(**{**opened, "kind": "observation"}, by=make.user(Role.COORDINATOR))
    record.refresh_from_db()
    assert record.kind == "pledge"


def test_a_new_paragraph_sorts_as_a_person_counts_and_keeps_the_reference(coordinator):
    ten, record = make.recommendation(paragraph="140.10"), make.recommendation(paragraph="140.99")
    code = record.code
    editing.edit_recommendation(**facts(record, paragraph="140.2"), by=coordinator)
    assert [row.code for row in Recommendation.objects.all()] == [code, ten.code]


def test_a_recommending_state_that_was_wrong_is_ended_and_kept(coordinator):
    record, chile, peru = make.recommendation(), make.country("CHL", "Chile"), make.country("PER", "Peru")
    editing.edit_recommendation(**facts(record, recommending=[chile]), by=coordinator)
    record.refresh_from_db()
    editing.edit_recommendation(**facts(record, recommending=[peru]), by=coordinator)
    assert [row.country for row in RecommendingState.objects.current()] == [peru]
    assert RecommendingState.objects.get(country=chile).ended_at is not None


def test_an_internal_record_is_not_published_before_it_is_opened(coordinator):
    record = make.recommendation(is_published=False, confidentiality="internal")
    with pytest.raises(Refused, match="Set the confidentiality of this record to public before"):
        editing.publish_recommendation(recommendation=record, by=coordinator)


def test_publishing_and_taking_back_are_deeds_of_their_own(coordinator):
    record = make.recommendation(is_published=False)
    editing.publish_recommendation(recommendation=record, by=coordinator)
    assert list(Recommendation.objects.public()) == [record]
    editing.unpublish_recommendation(recommendation=record, by=coordinator)
    assert not Recommendation.objects.public().exists()
    actions = list(Event.objects.order_by("sequence").values_list("action", flat=True))
    assert actions == ["recommendation-published", "recommendation-unpublished"]
