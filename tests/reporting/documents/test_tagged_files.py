"""What programs that read aloud find in the web page and in the PDF of a report: lists, and heads of tables."""

import re
from collections import Counter
from io import BytesIO

import pikepdf
import pytest

from servanda.people.access import Role
from servanda.reporting.reports import services
from tests import make, reports_make
from tests.reporting.documents.test_report_documents import files_of

pytestmark = pytest.mark.django_db
LISTS = "- a\n- b\n\n  still b\n    1. c\n    2. d\n- e\n\n1. f\n\nAfter."
TABLE = "| Year | Value |\n| --- | --- |\n| 2024 | 1 |"
PRINTED = (
    "<ul><li><p>a</p></li><li><p>b</p><p>still b</p><ol><li><p>c</p></li><li><p>d</p></li></ol></li>"
    "<li><p>e</p></li></ul><ol><li><p>f</p></li></ol>"
)


def files(*formats: str) -> dict[str, bytes]:
    by = make.user(Role.COORDINATOR)
    report = reports_make.report(by, template=reports_make.template("Report", "Method"))
    services.write_section(section=report.sections.get(), text=f"{LISTS}\n\n{TABLE}", seen=1, by=by)
    return files_of(report, by, *formats)[1]


def test_items_of_lists_are_lists_within_lists():
    page = files("html")["html"].decode()
    plain = re.sub(r'<span class="number">.*?</span> | class="[^"]*"| dir="[^"]*"', "", page)
    assert PRINTED in plain


def test_lists_and_tables_of_the_pdf_are_tagged_as_such():
    with pikepdf.open(BytesIO(files("pdf")["pdf"])) as pdf:
        parts = [
            part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and "/S" in part and "/P" in part
        ]
        lists = [part for part in parts if part.S == "/L"]
        assert {str(part.P.S) for part in parts if part.S == "/LI"} == {"/L"}
        assert {str(kid.S) for part in lists for kid in part.K} == {"/LI"}
        assert len(lists) == 4  # the contents, two lists, and one within the first
        scopes = Counter(str(part.A.Scope) for part in parts if part.S == "/TH")
    assert scopes["/Column"] == 2
    assert scopes["/Row"] >= 2  # of the facts at the beginning
