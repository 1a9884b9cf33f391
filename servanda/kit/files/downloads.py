"""Responses that send a file: always as a download, with the content type of the file's ending."""

from collections.abc import Iterable, Iterator, Sequence
from typing import IO

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.http import content_disposition_header

from servanda.kit.files.tables import BYTE_ORDER_MARK, csv_lines, json_pieces, xlsx_file

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "md": "text/markdown; charset=utf-8",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
TABLES = ("csv", "xlsx", "json")


def type_of(name: str) -> str:
    return TYPES[name.rpartition(".")[2]]


def send_file(file: IO[bytes], name: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=type_of(name))


def send_pieces(pieces: Iterator[str], name: str) -> StreamingHttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return StreamingHttpResponse(pieces, content_type=type_of(name), headers=headers)


def send_table(
    name: str,
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence],
    *,
    cover: Sequence[str] = (),
    mark: str = BYTE_ORDER_MARK,
) -> HttpResponseBase:
    """XLSX or CSV, depending on the ending of the name; only a workbook has a title and a cover."""
    if name.endswith(".xlsx"):
        return send_file(xlsx_file(title, header, rows, cover=cover), name)
    return send_pieces(csv_lines(header, rows, mark=mark), name)


def send_json(name: str, key: str, objects: Iterable[dict]) -> StreamingHttpResponse:
    """A JSON object with one key, whose value is the list of these objects."""
    return send_pieces(json_pieces(key, objects), name)
