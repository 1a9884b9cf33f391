"""240 made files, two in a row so that the second meets a register: a preview is kept to the letter."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from servanda.people.models import Instance
from servanda.recommendations.models import Recommendation
from tests.judging_make import previewed_and_applied, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
EXAMPLES = 60  # each of four files, two of them met again
TEXTS = ["Build schools.", "Build the schools.", "Train teachers.", "Bâtir des écoles dans toutes les régions."]
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "Id": st.sampled_from(["", "1", "2"]),
            "Symbol": st.sampled_from(["", "CRC/C/SVN/CO/3-4"]),
            "Paragraph": st.sampled_from(["", "12", "13"]),
            "Text": st.sampled_from(["", *TEXTS]),
            "From": st.sampled_from(["", "Peru", "Chile"]),
            "Theme": st.sampled_from(["", "Right to education"]),
            "Cycle": st.sampled_from(["", "3"]),
            "Body": st.sampled_from(["CRC", "UPR"]),
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.slow
@pytest.mark.timeout(900)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(first=ROWS, second=ROWS)
def test_made_files_are_applied_as_they_were_previewed(first, second):
    """Two files in a row, so that the second meets a register; 240 files."""
    with transaction.atomic():
        Instance.objects.update_or_create(pk=1, defaults={"languages": "en"})
        for rows in (first, second):
            batch = sheet(*rows)
            promised, kept = previewed_and_applied(batch)
            assert sorted(promised) == sorted(kept)
            before = Recommendation.objects.live().count()
            again, once_more = previewed_and_applied(sheet(*rows))
            assert sorted(again) == sorted(once_more)
            assert "new" not in again or "refused" in promised or "proposed" in promised
            assert Recommendation.objects.live().count() == before or "proposed" in promised
        transaction.set_rollback(True)
