"""Commands start fast, and most refuse a place that others can read."""

from importlib import import_module

import pytest
from django.core.management import call_command, get_commands
from django.core.management.base import SystemCheckError

from servanda.kit.commands import CHECKS

# They have to work where a check fails: on a damaged database, or one that is being restored.
WITHOUT_CHECKS = {
    "accept_restore",
    "anchor_trail",
    "backup",
    "encrypt_second_factors",
    "restore",
    "verify_trail",
    "work",
}


def test_no_command_looks_at_all_models_and_urls():
    own = {name: app for name, app in get_commands().items() if str(app).startswith("servanda.")}
    commands = {name: import_module(f"{app}.management.commands.{name}").Command for name, app in own.items()}
    assert len(commands) > len(WITHOUT_CHECKS)
    for name, command in commands.items():
        assert command.requires_system_checks == ([] if name in WITHOUT_CHECKS else CHECKS), name


def test_a_command_refuses_a_place_that_others_can_read(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    tmp_path.chmod(0o755)
    with pytest.raises(SystemCheckError, match="kit.E001"):
        call_command("import_file", "README.md", skip_checks=False)
