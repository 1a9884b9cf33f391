import pytest


@pytest.fixture(autouse=True)
def anchor_file(settings, tmp_path):
    """A file of its own for each test."""
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    return settings.ANCHOR_FILE
