import pytest
from django.urls import reverse

from servanda.intake.models import Batch
from servanda.people.access import Role
from tests import make

pytestmark = pytest.mark.django_db


def test_who_chose_no_file_is_told_so(client):
    make.country()
    make.signed_in(client, Role.COORDINATOR)
    answer = client.post(reverse("desk:receive_files"), {"country": "SVN"})
    assert answer.status_code == 422
    assert 'href="#id_files">Files: This field is required.' in answer.content.decode()
    assert 'value="SVN"' in answer.content.decode()
    assert not Batch.objects.exists()
