"""Sentences that are stored in one language and read in another."""

import json

import pytest
from django.utils import translation
from django.utils.translation import gettext_lazy

from servanda.intake.models import Batch, Remark, StagedRow
from servanda.kit.database import sentences
from servanda.kit.database.sentences import (
    MARK,
    Sentence,
    gettext,
    joined,
    ngettext,
    renamed,
    sentence_of,
    shown,
    stored,
)
from servanda.kit.refusal import Refused

ROW = "row %(number)d"


def in_language(language: str, content: str) -> str:
    with translation.override(language):
        return str(shown(content))


def test_a_sentence_is_read_in_the_language_of_the_reader():
    content = stored(gettext(ROW) % {"number": 7})
    assert in_language("en", content) == "row 7"
    assert in_language("es", content) == "fila 7"


def test_a_sentence_inside_another_is_translated_too():
    outer = gettext("Column “%(column)s”: %(problem)s") % {"column": "date", "problem": gettext("enter a value.")}
    assert "enter a value" not in in_language("fr", stored(outer))
    assert "date" in in_language("fr", stored(outer))


def test_the_sentence_of_a_refusal_is_not_forgotten():
    text = gettext("Column “%(column)s”: %(problem)s") % {
        "column": "date",
        "problem": Refused(gettext("enter a value.")),
    }
    assert "enter a value" not in in_language("pt", stored(text))


def test_a_lazy_text_and_a_number_inside_are_kept():
    text = sentence_of(gettext_lazy(ROW)) % {"number": 3}
    assert json.loads(stored(text).removeprefix(MARK))["values"] == {"number": 3}
    assert in_language("es", stored(text)) == "fila 3"


def test_sentences_in_a_row_leave_out_empty_ones():
    text = joined([gettext(ROW) % {"number": 1}, "", "As printed."])
    assert text == "row 1 As printed."
    assert in_language("es", stored(text)) == "fila 1 As printed."


def test_a_name_inside_is_replaced_in_every_language():
    sentence = gettext("%(file)s is damaged or incomplete. Download it again.") % {"file": "f81c.csv"}
    text = renamed(joined([sentence, "f81c.csv"]), "f81c.csv", "law.csv")
    assert text == "law.csv is damaged or incomplete. Download it again. law.csv"
    french = in_language("fr", stored(text))
    assert (french.count("law.csv"), "f81c" in french, "damaged" in french) == (2, False, False)
    assert renamed("As printed in f81c.csv", "f81c.csv", "law.csv") == "As printed in law.csv"


def test_the_form_of_a_number_is_chosen_by_the_reader():
    text = ngettext("%(count)d object accepted.", "%(count)d objects accepted.", 3) % {"count": 3}
    assert in_language("ar", stored(text)) != str(text)


@pytest.mark.parametrize("old", ["", "Enter a date.", "{not json}", "fila 7"])
def test_what_was_stored_before_is_shown_as_it_is(old):
    assert shown(old) == old
    assert stored(old) == old


@pytest.mark.parametrize("wrong", ["", "[", '{"x": 1}', '{"message": 5}', '{"message": "%(a)s", "values": {"b": 1}}'])
def test_what_cannot_be_read_is_shown_and_breaks_nothing(wrong):
    assert isinstance(shown(MARK + wrong), str)


def test_too_many_sentences_inside_each_other_are_not_followed():
    tree: dict = {"message": ROW, "values": {"number": 1}}
    for _time in range(sentences.DEEPEST + 5):
        tree = {"by": " ", "parts": [tree]}
    assert isinstance(shown(MARK + json.dumps(tree)), str)


@pytest.mark.django_db
@pytest.mark.database
def test_a_row_and_a_remark_keep_their_sentences_when_they_are_saved_again():
    batch = Batch.objects.create(name="list.xlsx", sha256="1")
    where = gettext(ROW) % {"number": 2}
    row = StagedRow.objects.create(
        batch=batch, number=2, where=where, verdict="refused", reason=gettext("Enter a date.")
    )
    Remark.objects.create(
        batch=batch, field="date", message=row.reason, is_fatal=True, rows=1, places=joined([where])
    )
    with translation.override("es"):
        StagedRow.objects.get().save()
        assert StagedRow.objects.get().where == "fila 2"
        assert Remark.objects.get().places == "fila 2"
    again = StagedRow.objects.get()
    assert (again.where, isinstance(again.reason, Sentence)) == ("row 2", True)
    assert StagedRow.objects.filter(reason=again.reason).exists()


@pytest.mark.django_db
def test_a_place_that_is_too_long_is_stored_as_text():
    batch = Batch.objects.create(name="list.xlsx", sha256="1")
    long = gettext("page %(page)s, %(where)s") % {"page": "9" * 50, "where": "x" * 40}
    StagedRow.objects.create(batch=batch, number=1, where=long, verdict="new")
    assert StagedRow.objects.get().where == str(long)
