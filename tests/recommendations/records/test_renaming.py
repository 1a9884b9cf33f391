"""A reference without a year or number is completed, and the former one redirects to the record."""

import pytest
from django.urls import reverse

from servanda.recommendations.imports import pipeline
from servanda.recommendations.models import FormerCode, Recommendation
from tests.importing_make import bring, uhri, uhri_record
from tests.judging_make import previewed_and_applied, sheet

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]


def undated(**changes) -> bytes:
    return uhri(uhri_record(1, Symbol="", PublicationDate=None, **changes))


def test_a_year_that_comes_later_completes_the_reference():
    bring(undated())
    assert Recommendation.objects.get().code == "SVN-CRC-0-1"
    bring(uhri(uhri_record(1, Symbol="")), "dated")
    assert Recommendation.objects.get().code == "SVN-CRC-2013-1"
    assert FormerCode.objects.get().code == "SVN-CRC-0-1"


def test_the_former_reference_leads_to_the_record(client):
    bring(undated())
    bring(uhri(uhri_record(1, Symbol="")), "dated")
    answer = client.get(reverse("portal:recommendation", args=["SVN-CRC-0-1"]))
    assert (answer.status_code, answer.url) == (301, reverse("portal:recommendation", args=["SVN-CRC-2013-1"]))


def test_the_former_reference_of_a_hidden_record_leads_nowhere(client):
    bring(undated(), publish=False)
    bring(uhri(uhri_record(1, Symbol="")), "dated")
    assert client.get(reverse("portal:recommendation", args=["SVN-CRC-0-1"])).status_code == 404


def test_undoing_the_import_that_brought_the_year_restores_the_former_reference():
    bring(undated())
    batch = bring(uhri(uhri_record(1, Symbol="")), "dated")
    pipeline.undo_batch(batch=batch, by=None)
    assert Recommendation.objects.get().code == "SVN-CRC-0-1"
    assert not FormerCode.objects.exists()


def test_a_former_reference_is_given_to_no_other_record():
    bring(undated())
    bring(uhri(uhri_record(1, Symbol="")), "dated")
    previewed_and_applied(sheet({"Id": "1", "Paragraph": "1", "Text": "Another text, made up for a test."}))
    assert sorted(Recommendation.objects.values_list("code", flat=True)) == ["SVN-CRC-0-1~2", "SVN-CRC-2013-1"]
