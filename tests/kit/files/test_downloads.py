"""What is sent as a file names its type and itself, whatever characters its name has."""

from contextlib import closing
from io import BytesIO

import pytest

from servanda.kit.files import downloads

pytestmark = pytest.mark.django_db  # a response that is closed looks after the connection of a request

HEADER, ROWS = ["key", "label"], [["a", "=1"]]


def sent(response) -> bytes:
    with closing(response):
        return b"".join(response.streaming_content)


def test_a_table_named_csv_is_streamed_with_its_mark():
    response = downloads.send_table("list.csv", "List", HEADER, ROWS)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="list.csv"'
    assert sent(response).decode() == "\ufeffkey,label\r\na,'=1\r\n"


def test_a_table_named_xlsx_is_a_workbook():
    response = downloads.send_table("list.xlsx", "List", HEADER, ROWS, cover=["Cover"])
    assert response["Content-Type"].endswith("spreadsheetml.sheet")
    assert response["Content-Disposition"] == 'attachment; filename="list.xlsx"'
    assert sent(response).startswith(b"PK")


def test_objects_are_streamed_under_their_key():
    response = downloads.send_json("list.json", "rows", [{"a": 1}])
    assert (response["Content-Type"], sent(response)) == ("application/json", b'{"rows": [\n{"a": 1}\n]}\n')


def test_a_name_in_another_script_reaches_the_browser_as_it_is():
    named = "attachment; filename*=utf-8''%D9%85.csv"
    assert downloads.send_pieces(iter([""]), "م.csv")["Content-Disposition"] == named


def test_a_file_of_no_known_type_is_not_sent():
    with pytest.raises(KeyError):
        downloads.send_file(BytesIO(b"x"), "page.exe")
