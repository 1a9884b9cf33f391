import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from servanda.progress.evidence.cleanup import sweep_evidence
from tests import make, progress_make

pytestmark = pytest.mark.django_db


def test_a_file_without_a_row_is_swept_up_after_a_day_and_no_other(django_assert_num_queries):
    record = make.recommendation()
    kept = progress_make.evidence(
        progress_make.update(record, make.institution()), make.user("focal-point", make.institution())
    )
    lost, young = (default_storage.save(f"evidence/00/{name}", ContentFile(b"a")) for name in ("lost", "young"))
    long_ago = (timezone.now() - timedelta(days=2)).timestamp()
    for name in (lost, kept.file.name):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    with django_assert_num_queries(1):
        assert sweep_evidence(on=timezone.now()) == 1
    assert [Path(default_storage.path(name)).exists() for name in (lost, young, kept.file.name)] == [
        False,
        True,
        True,
    ]
