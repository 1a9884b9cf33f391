"""A submitted report in a backup: the same bytes, hashes and public address where it is restored."""

import json

import pytest

pytestmark = [pytest.mark.database, pytest.mark.timeout(180)]

SUBMIT = """
from django.utils import timezone
from servanda.people.access import Role
from servanda.reporting.documents import page_numbers
from servanda.reporting.reports import services as writing
from servanda.reporting.submissions import clearance, making, services
from tests import make, reports_make
page_numbers.program = lambda: None  # as in tests/conftest.py
writer, colleague = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
report = reports_make.report(writer)
for section in report.sections.all():
    writing.write_section(section=section, text="The law of 2024 applies.", seen=1, by=writer)
clearance.start_report_clearance(report=report, steps=["Minister"], by=writer)
clearance.clear_report(report=report, by=colleague)
snapshot = services.submit_report(report=report, submitted_on=timezone.localdate(), by=writer)
making.make_submitted_files.call(str(snapshot.key))
snapshot.refresh_from_db()
services.publish_submitted_report(snapshot=snapshot, by=writer)
"""
LOOK = """
import hashlib, json
from django.test import Client
from servanda.reporting.models import ReportSnapshot
from servanda.trail.models import Event
snapshot = ReportSnapshot.objects.get()
address = snapshot.get_absolute_url()
files = {}
for row in snapshot.files.all():
    with row.file.open("rb") as file:
        files[row.format] = [row.name, row.sha256, hashlib.sha256(file.read()).hexdigest()]
page = Client().get(address, headers={"host": "localhost"})
shown = [row[1] in page.content.decode() for row in files.values()]
trail = json.loads(Event.objects.get(action="report-submitted").difference)
print(json.dumps([address, page.status_code, shown, files, trail]))
"""


@pytest.mark.slow
def test_a_restored_backup_has_the_same_submitted_report_at_the_same_address(place, new_place, tmp_path):
    archive = tmp_path / "servanda.tar.gz"
    place.python(SUBMIT)
    before = json.loads(place.python(LOOK))
    place.must_run("backup", str(archive))
    restored = new_place()
    with restored.open_shell():
        restored.must_run("restore", str(archive))
        after = json.loads(restored.python(LOOK))
    assert after == before
    _address, status, shown, files, trail = after
    assert (status, shown) == (200, [True] * len(files))
    assert {"docx", "html", "md"} <= files.keys()
    for format, (_name, recorded, of_bytes) in files.items():
        assert recorded == of_bytes == trail[format][1]
