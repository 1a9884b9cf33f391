"""A backup of yesterday in the place of today's database, as an operator meets it."""

import json
import re
import shutil
from datetime import datetime

import pytest

pytestmark = [pytest.mark.database, pytest.mark.timeout(240)]

HAPPEN = "from servanda.trail.models import Event; Event.record('instance-edited')"


def test_a_restored_backup_fails_the_check_until_the_restore_is_accepted(place, new_place, tmp_path):
    archive = tmp_path / "yesterday.tar.gz"
    place.python(HAPPEN)
    place.must_run("backup", str(archive))
    assert '"sequence": 1' in (place.directory / "trail-anchors.jsonl").read_text()  # a backup anchors the trail
    place.python(HAPPEN)
    place.must_run("anchor_trail")
    restored = new_place()
    with restored.open_shell():
        output = restored.must_run("restore", str(archive))
        shutil.copy(place.directory / "trail-anchors.jsonl", restored.directory)
        refused = restored.run("verify_trail")
        restored.must_run("accept_restore", "--reason", "The disk failed.")
        passed = restored.must_run("verify_trail")
    assert "accept_restore" in output
    assert refused.returncode == 1
    assert re.findall(r"entr(?:y|ies from) (\d+)", refused.stderr)[:2] == ["2", "2"]
    assert "Entry 2 accepts a restore" in passed
    assert "holds 2 entries, and every one is as it was written" in passed

    made, kept = (json.loads((where.directory / "backups.json").read_text()) for where in (place, restored))
    assert kept["size"] == made["size"] == archive.stat().st_size
    assert datetime.fromisoformat(kept["made_at"]) <= datetime.fromisoformat(made["made_at"])
    assert datetime.fromisoformat(kept["restored_at"]) > datetime.fromisoformat(made["made_at"])
