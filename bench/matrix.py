"""The Word file of the matrix as a ministry prints it: the time that it takes, and its pages as LibreOffice lays them
out. Fewer pages than before are the aim: with five columns of equal width 732 records took 201.

All columns are chosen; leads, actions and updates are those of the grown follow-up.
"""

import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2
from django.test import Client

from bench.followed import grow_follow_up
from bench.grown import Grower, seeds
from servanda.recommendations.register.matrix import COLUMNS, USUAL

TINY = {"records": 40}
MOST_PAGES, FOR_RECORDS = 60, 732


def run(report: Callable[..., None], *, records: int = FOR_RECORDS) -> None:
    Grower(seeds()).grow_to(records)
    client = Client(headers={"host": "localhost"})
    client.force_login(grow_follow_up(records).coordinator)
    most = round(MOST_PAGES * records / FOR_RECORDS) + 1
    contents = {}
    for what, chosen in (("usual columns", USUAL), ("all columns", COLUMNS)):
        start = time.perf_counter()
        response = client.get("/desk/register-matrix.docx", {"column": list(chosen)})
        contents[what] = b"".join(response)
        report(f"{records} records, {what}, s", time.perf_counter() - start)
    for what, pages in pages_of(contents).items():
        report(f"{records} records, {what}, pages", pages, f"at most {most}", ok=0 < pages <= most)


def pages_of(contents: dict[str, bytes]) -> dict[str, int]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless"]
        command += ["--convert-to", "pdf:writer_pdf_Export", "--outdir", name]
        for what, content in contents.items():
            (folder / f"{what}.docx").write_bytes(content)
            command.append(str(folder / f"{what}.docx"))
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        return {what: number_of_pages(folder / f"{what}.pdf") for what in contents}


def number_of_pages(path: Path) -> int:
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        return len(pdf)
