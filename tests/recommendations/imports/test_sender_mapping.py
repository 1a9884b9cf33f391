"""How the columns of a sender are read, proposed, saved and shown on the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from servanda.intake.models import SenderMapping
from servanda.recommendations.models import Recommendation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vocabulary")]
ROWS = "Code;Recommandation;Pays;Organe;Remplissage\nR1;Construire des écoles.;SVN;CRC;x\n"


def run(*arguments) -> str:
    out = StringIO()
    call_command("sender_mapping", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_a_mapping_is_proposed_saved_shown_and_used(tmp_path):
    sheet, saved = tmp_path / "list.csv", tmp_path / "mapping.json"
    sheet.write_text(ROWS)
    proposed = run("propose", sheet)
    assert "Not imported: Remplissage" in proposed
    content = json.loads(proposed[: proposed.rindex("}") + 1])
    assert content["columns"] == {
        "text": "Recommandation",
        "country": "Pays",
        "body": "Organe",
        "external sheet": "Code",
    }
    saved.write_text(json.dumps(content))
    run("save", "Ministry of Made-up Affairs", saved)
    assert run("list").split("\n")[0] == "Ministry of Made-up Affairs"
    assert json.loads(run("show", "Ministry of Made-up Affairs")) == content
    call_command("import_file", sheet, mapping="Ministry of Made-up Affairs", stdout=StringIO())
    assert Recommendation.objects.live().get().texts.get().text == "Construire des écoles."


def test_a_file_that_is_no_mapping_saves_nothing(tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text("[" * 100_000)
    with pytest.raises(CommandError, match="is not a mapping"):
        run("save", "Ministry", path)
    assert not SenderMapping.objects.exists()
