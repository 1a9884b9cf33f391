"""The place of a row in its file, in the language of the reader."""

import pytest
from django.utils import translation

from servanda.intake.models import Batch, Remark, StagedRow
from servanda.intake.places import shown_place
from servanda.kit.database.sentences import gettext


@pytest.mark.parametrize(
    ("stored", "language", "shown"),
    [
        ("page 2, reply to recommendation 140.2", "ar", "الصفحة 2، الرد على التوصية 140.2"),
        ("الصفحة 2، الرد على التوصية 140.2", "en", "page 2, reply to recommendation 140.2"),
        ("row 12", "fr", "ligne 12"),
        ("sheet “A, page 2”, row 3", "en", "sheet “A, page 2”, row 3"),
        ("the annex", "ar", "the annex"),
    ],
)
def test_a_place_is_shown_in_the_language_of_the_reader(stored, language, shown):
    with translation.override(language):
        assert shown_place(stored) == shown


@pytest.mark.django_db
@pytest.mark.parametrize("sheet", ["List", "Recommendations of the committees, 2019-2026"])
@pytest.mark.parametrize("language", ["en", "ar"])  # of the check
def test_the_place_of_a_row_is_read_in_the_language_of_the_reader(sheet, language):
    batch = Batch.objects.create(name="list.xlsx", sha256="1")
    with translation.override(language):
        where = gettext("row %(number)s") % {"number": 2}
        where = gettext("sheet “%(sheet)s”, %(where)s") % {"sheet": sheet, "where": where}
        row = StagedRow.objects.create(batch=batch, number=1, where=where, verdict=StagedRow.Verdict.NEW)
        Remark.objects.create(
            batch=batch, field="text", message="", is_fatal=False, rows=1, places=str.__str__(where)
        )
    with translation.override("fr"):
        expected = f"feuille «\xa0{sheet}\xa0», ligne 2"
        assert StagedRow.objects.get(pk=row.pk).where == expected
        assert Remark.objects.get().shown_places == [expected]
