"""The steps of a clearance, and the one by which translations have to be reviewed."""

import pytest

from servanda.reporting.submissions.forms import StepsForm

PROPOSED = {"steps": "Minister\nTranslation", "translated_by": "Translation"}


@pytest.mark.parametrize(
    ("steps", "translated_by", "taken"),
    [
        ("Minister\nTranslation", "Translation", "Translation"),
        ("Legal service\nMinister", "Translation", ""),  # as proposed, and no longer among the steps
        ("Legal service\nMinister", "", ""),
        ("Legal service\nMinister", "Minister", "Minister"),
    ],
)
def test_the_step_of_translation_is_one_of_the_steps(steps, translated_by, taken):
    form = StepsForm({"steps": steps, "translated_by": translated_by}, initial=PROPOSED)
    assert form.is_valid()
    assert form.cleaned_data["translated_by"] == taken


def test_a_step_that_a_person_entered_is_not_dropped_silently():
    form = StepsForm({"steps": "Minister", "translated_by": "Translator"}, initial=PROPOSED)
    assert form.errors["translated_by"] == ["Enter one of the steps above, or leave the field empty."]
