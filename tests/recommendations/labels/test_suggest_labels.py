"""Labels learned from people, suggested for records that have none, decided on by people only."""

from pathlib import Path
from unittest.mock import Mock

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.jobs.exclusive import AlreadyRunning, exclusive
from servanda.kit.refusal import Refused
from servanda.language.vectors import encoder as text_encoder
from servanda.recommendations import tasks
from servanda.recommendations.labels import decisions as deciding
from servanda.recommendations.labels import learning, suggesting
from servanda.recommendations.labels.learning import learn_labels
from servanda.recommendations.labels.queries import drift_of, months_of
from servanda.recommendations.labels.services import add_labels, remove_label
from servanda.recommendations.labels.suggesting import suggest_labels
from servanda.recommendations.models import LearnedModel, Recommendation, Suggestion, Tagging, TextVersion
from servanda.recommendations.search.encoding import encode_missing
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term
from servanda.vocab.services.editing import edit_term, mark_of
from tests import make, suggesting_make

pytestmark = pytest.mark.django_db

THINGS = {
    "Water": ("safe drinking water", "clean water in villages", "water supply for schools", "wells and sanitation"),
    "Prisons": (
        "overcrowding in prisons",
        "conditions of detention",
        "prisoners held in cells",
        "ill-treatment in jail",
    ),
}
VERBS = ("Ensure", "Improve", "Take steps on")
QUESTION = "Guarantee drinking water for all households."


def labelled(**fields) -> None:
    """Two dozen records that a person labelled."""
    for topic, things in THINGS.items():
        term = make.term(topic, taxonomy="national-plan")
        for thing in things:
            for verb in VERBS:
                record = make.recommendation(f"{verb} {thing}.", **fields)
                Tagging.objects.create(recommendation=record, term=term, origin="person")


def waiting(record: Recommendation) -> list[str]:
    return [str(suggestion.term) for suggestion in Suggestion.objects.waiting().filter(recommendation=record)]


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def suggestion():
    return suggesting_make.suggestion(make.recommendation(), make.term("Water", taxonomy="national-plan"))


def test_where_every_record_has_a_label_no_name_is_encoded(monkeypatch):
    taxonomy = make.term("Right to water", taxonomy="uhri-theme").taxonomy
    monkeypatch.setattr(suggesting, "names_of", Mock(side_effect=AssertionError("encoded")))
    assert suggest_labels() == 0
    record = make.recommendation(QUESTION)
    with pytest.raises(AssertionError, match="encoded"):
        suggest_labels()
    Tagging.objects.create(recommendation=record, term=taxonomy.terms.get(), origin="person")
    assert suggest_labels() == 0


def test_what_people_labelled_is_learned_and_suggested_as_the_word_of_the_machine():
    labelled()
    record = make.recommendation(QUESTION)
    (model,) = learn_labels()
    suggest_labels()
    assert (model.taxonomy.code, model.texts) == ("national-plan", 24)
    assert waiting(record) == ["Water"]
    mark = Tagging.objects.get(recommendation=record)
    assert (mark.origin, mark.said_by) == ("machine", None)
    assert 0 < mark.confidence <= 1
    assert Event.objects.filter(action="labels-learned").count() == 1


def test_of_two_who_learn_at_once_the_second_is_told_and_learns_nothing():
    labelled()
    make.recommendation(QUESTION)
    with exclusive(learning.LEARNING, refusal=""):
        with pytest.raises(AlreadyRunning, match="Learning is already under way. Check again in a few"):
            learn_labels()
        with pytest.raises(CommandError, match="Learning is already under way. Check again in a few"):
            call_command("learn")
        tasks.learn_labels.func()
    assert not LearnedModel.objects.exists()
    assert not Suggestion.objects.exists()
    tasks.learn_labels.func()
    assert LearnedModel.objects.count() == 1


def test_what_only_the_machine_says_is_never_learned_from():
    labelled()
    Tagging.objects.update(origin="machine")
    assert learn_labels() == []


def test_no_restricted_record_is_learned_from():
    labelled(confidentiality="restricted")
    assert learn_labels() == []


def test_an_artefact_of_a_source_is_neither_learned_nor_suggested():
    artefact = make.term("Reservations", taxonomy="national-plan", is_artefact=True)
    labelled()
    for record in Recommendation.objects.all()[:20]:
        Tagging.objects.create(recommendation=record, term=artefact)
    learn_labels()
    make.recommendation(QUESTION)
    suggest_labels()
    assert not Suggestion.objects.filter(term=artefact).exists()


def test_a_label_that_is_gone_since_is_not_suggested():
    labelled()
    learn_labels()
    Tagging.objects.all().delete()
    Recommendation.objects.all().delete()
    make.term("Water", taxonomy="national-plan").delete()
    record = make.recommendation(QUESTION)
    suggest_labels()
    assert "Water" not in waiting(record)


def test_what_was_learned_of_a_label_goes_on_when_it_is_called_otherwise(coordinator):
    labelled()
    learn_labels()
    record = make.recommendation(QUESTION)
    suggest_labels()
    term = make.term("Water", taxonomy="national-plan")
    edit_term(
        term=term,
        parent=None,
        label=LazyI18nString({"en": "Hydration"}),
        synonyms="",
        seen=mark_of(term),
        by=coordinator,
    )
    assert waiting(record) == ["Hydration"]
    later = make.recommendation(QUESTION)
    suggest_labels()
    assert waiting(record) == waiting(later) == ["Hydration"]


def test_a_label_made_later_with_the_code_of_one_that_is_gone_is_another():
    labelled()
    learn_labels()
    model = LearnedModel.objects.get()
    water = make.term("Water", taxonomy="national-plan")
    Tagging.objects.filter(term=water).delete()
    water.delete()
    Term.objects.create(taxonomy=model.taxonomy, code=water.code, label="Housing")
    record = make.recommendation(QUESTION)
    suggest_labels()
    assert waiting(record) == []


def test_before_anything_is_learned_the_official_words_of_a_goal_speak():
    call_command("load_vocabulary", verbosity=0)
    record = make.recommendation(
        "Achieve universal and equitable access to safe and affordable drinking water for all."
    )
    suggest_labels()
    codes = {
        suggestion.term.code
        for suggestion in Suggestion.objects.filter(recommendation=record, term__taxonomy__code="sdg")
    }
    assert {"6", "6.1"} <= codes


def test_before_anything_is_learned_the_words_of_a_name_speak_in_the_language_of_the_text():
    call_command("load_vocabulary", verbosity=0)
    texts = {"en": "Protect migrants at the border.", "ru": "Защищать права мигрантов на границе."}
    records = [make.recommendation(text, language=language) for language, text in texts.items()]
    suggest_labels()
    for record in records:
        waits = Suggestion.objects.filter(recommendation=record, term__taxonomy__code="uhri-group")
        assert waits.order_by("-probability").values_list("term__code", flat=True)[0] == "migrants"


def test_a_taxonomy_with_many_texts_of_its_own_helps_the_others(monkeypatch):
    monkeypatch.setattr(learning, "MANY", 20)
    labelled()
    assert learning.learn_helper(list(Taxonomy.objects.all())) is None
    urgent = make.term("Urgent", taxonomy="urgency")
    for record in [make.recommendation(f"Act at once on {at}.") for at in range(5)] + [
        make.recommendation("Ensure safe drinking water!")  # a text that has a label of the plan, too
    ]:
        Tagging.objects.create(recommendation=record, term=urgent, origin="person")
    helper = learning.learn_helper(list(Taxonomy.objects.all()))
    assert (helper.taxonomy.code, len(helper.texts)) == ("national-plan", 23)
    found = learning.originals(Recommendation.objects.filter(taggings__term=urgent))
    assert helper.may_help(urgent.taxonomy, found, helper.mark)
    assert not helper.may_help(urgent.taxonomy, found, "another encoder")
    assert not helper.may_help(helper.taxonomy, found, helper.mark)


def test_a_model_whose_file_is_gone_suggests_nothing_and_breaks_nothing():
    labelled()
    learn_labels()
    model = LearnedModel.objects.get()
    model.file.storage.delete(model.file.name)
    record = make.recommendation(QUESTION)
    suggest_labels()
    assert waiting(record) == []


def test_a_damaged_file_suggests_nothing_and_is_told(coordinator):
    labelled()
    learn_labels()
    model = LearnedModel.objects.get()
    assert learning.unfit([model]) == []
    with open(model.file.path, "r+b") as file:
        file.seek(200)
        file.write(b"damaged")
    record = make.recommendation(QUESTION)
    suggest_labels()
    assert waiting(record) == []
    assert learning.unfit([model]) == [model]


def test_only_the_newest_of_the_models_of_a_taxonomy_keeps_its_file(django_capture_on_commit_callbacks):
    labelled()
    learn_labels()
    path = Path(LearnedModel.objects.get().file.path)
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        learn_labels()
    newest, before = LearnedModel.objects.order_by("-pk")
    assert learning.unfit([newest, before]) == [before]
    assert not path.exists()
    assert before.micro_f1 == newest.micro_f1


@pytest.mark.database
def test_suggesting_again_puts_forward_nothing_twice_and_nothing_that_was_rejected(coordinator):
    labelled()
    learn_labels()
    record = make.recommendation(QUESTION)
    suggest_labels()
    suggest_labels()
    assert Suggestion.objects.filter(recommendation=record).count() == 1
    deciding.reject_suggestion(suggestion=Suggestion.objects.get(recommendation=record), by=coordinator)
    suggest_labels()
    assert waiting(record) == []
    assert not Tagging.objects.current().filter(recommendation=record).exists()


@pytest.mark.database
def test_a_record_that_a_person_labels_while_the_machine_guesses_gets_no_suggestion(coordinator, monkeypatch):
    labelled()
    learn_labels()
    record, prisons = make.recommendation(QUESTION), make.term("Prisons", taxonomy="national-plan")
    learned = suggesting.Learned.guess

    def guess(self, records, sample):
        found = list(learned(self, records, sample))
        add_labels(recommendation=record, terms=[prisons], by=coordinator)
        return iter(found)

    monkeypatch.setattr(suggesting.Learned, "guess", guess)
    assert suggest_labels() == 0
    assert [label.term for label in Tagging.objects.current().filter(recommendation=record)] == [prisons]


def test_an_accepted_suggestion_is_the_word_of_the_person(coordinator, suggestion):
    deciding.accept_suggestion(suggestion=suggestion, by=coordinator)
    suggestion.refresh_from_db()
    label = Tagging.objects.current().get(recommendation=suggestion.recommendation)
    assert (label.origin, label.said_by) == ("person", coordinator)
    assert (suggestion.state, suggestion.decided_by) == ("accepted", coordinator)
    with pytest.raises(Refused, match="This suggestion has already been decided."):
        deciding.accept_suggestion(suggestion=suggestion, by=coordinator)


def test_another_label_can_be_the_right_one(coordinator, suggestion):
    other = make.term("Housing", taxonomy="national-plan")
    deciding.change_suggestion(suggestion=suggestion, instead=other, by=coordinator)
    suggestion.refresh_from_db()
    assert (suggestion.state, suggestion.instead) == ("changed", other)
    assert [label.term for label in Tagging.objects.current().filter(recommendation=suggestion.recommendation)] == [
        other
    ]
    elsewhere = make.term("Education", taxonomy="other-plan")
    two = suggesting_make.suggestion(make.recommendation(), other)
    with pytest.raises(Refused, match="same taxonomy"):
        deciding.change_suggestion(suggestion=two, instead=elsewhere, by=coordinator)


def test_a_rejection_can_be_taken_back(coordinator, suggestion):
    deciding.reject_suggestion(suggestion=suggestion, by=coordinator)
    assert waiting(suggestion.recommendation) == []
    deciding.reopen_suggestion(suggestion=suggestion, by=coordinator)
    assert waiting(suggestion.recommendation) == ["Water"]


def test_a_decision_on_the_page_of_the_record_is_one_on_the_suggestion(coordinator, suggestion):
    add_labels(recommendation=suggestion.recommendation, terms=[suggestion.term], by=coordinator)
    suggestion.refresh_from_db()
    assert suggestion.state == "accepted"
    two = suggesting_make.suggestion(make.recommendation(), suggestion.term)
    remove_label(tagging=two.tagging, by=coordinator)
    two.refresh_from_db()
    assert two.state == "rejected"


@pytest.mark.database
def test_what_people_said_is_counted_by_month_and_set_against_the_time_before(suggestion):
    now = timezone.now()
    Suggestion.objects.filter(pk=suggestion.pk).update(state="rejected", decided_at=now)
    old = suggesting_make.suggestion(make.recommendation(), suggestion.term, state="accepted")
    Suggestion.objects.filter(pk=old.pk).update(decided_at=now.replace(year=now.year - 1))
    assert [(month.accepted, month.decided) for month in months_of(suggestion.term.taxonomy)] == [(0, 1), (1, 1)]
    assert drift_of(suggestion.term.taxonomy, now=now) == (0, 100)


def test_two_of_three_accepted_are_67_per_cent(suggestion):
    now = timezone.now()
    found = [suggestion] + [
        suggesting_make.suggestion(make.recommendation(), suggestion.term) for _number in range(2)
    ]
    for decided, state in zip(found, ("accepted", "accepted", "rejected"), strict=True):
        Suggestion.objects.filter(pk=decided.pk).update(state=state, decided_at=now)
    assert [month.percent for month in months_of(suggestion.term.taxonomy)] == [67]
    before = suggesting_make.suggestion(make.recommendation(), suggestion.term, state="accepted")
    Suggestion.objects.filter(pk=before.pk).update(decided_at=now.replace(year=now.year - 1))
    assert drift_of(suggestion.term.taxonomy, now=now) == (67, 100)


def test_the_command_says_what_it_learned(capsys):
    call_command("learn")
    assert "Too few labels" in capsys.readouterr().out
    labelled()
    TextVersion.objects.filter(text__startswith="Ensure").update(language="und")
    call_command("learn")
    assert "national-plan: learned from 24 texts" in capsys.readouterr().out


def test_no_text_whose_vector_stands_beside_it_is_encoded_again(monkeypatch):
    labelled()
    make.recommendation(QUESTION)
    encode_missing()
    learned_from = [original.text for original in learning.originals(Recommendation.objects.all())]
    vectors, _mark = learning.vectors_for(learned_from)
    asked = []
    monkeypatch.setattr(
        text_encoder.UniversalEncoder, "encode", lambda self, texts: asked.extend(texts) or vectors[:0]
    )
    again, _mark = learning.vectors_for(learned_from)
    assert asked == []
    assert (again == vectors).all()
