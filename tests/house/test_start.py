"""What a process loads at its start: a command should not wait for what only some of them use."""

import json
import os
import subprocess
import sys

from servanda.environment import ROOT

# Each takes a twentieth of a second or more, or brings others that do.
FOR_SOME = {"docxtpl", "jsonschema_rs", "ninja", "pikepdf", "servanda.urls", "sklearn", "weasyprint"}
MOST_COMPILED = 5  # of some 500 patterns
ASKED = """
import gc, json, sys
from servanda.kit.patterns import LazyPattern
frozen = gc.get_freeze_count()
gc.unfreeze()
patterns = [found for found in gc.get_objects() if type(found) is LazyPattern]
compiled = [found.pattern for found in patterns if "compiled" in vars(found)]
print(json.dumps([sorted(sys.modules), frozen, compiled, len(patterns)]))
"""


def test_a_command_starts_without_what_only_some_use(tmp_path):
    environment = os.environ | {"SERVANDA_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "servanda.settings"}
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ASKED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    loaded, frozen, compiled, patterns = json.loads(done.stdout)
    assert FOR_SOME.intersection(loaded) == set()
    assert frozen > 100_000  # objects that no collection looks through
    assert len(compiled) <= MOST_COMPILED < patterns, compiled
