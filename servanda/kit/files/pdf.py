"""A page of HTML as a PDF file. Nothing is fetched: images and styles are in the page or in data: URLs."""

import logging
from typing import Any

from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # otherwise each file logs eight lines


def pdf_of(html: str, *, variant: str | None = None) -> bytes:
    """Raises `Refused` where system libraries are missing. Any address but data: fails, because a request over the
    network would tell a person that the document is being made. `variant` is a standard such as pdf/ua-1."""
    try:
        # Imported here, so that everything else works where WeasyPrint's system libraries are missing.
        from weasyprint import HTML, URLFetcher
    except OSError as missing:
        raise Refused(
            _(
                "PDF files cannot be created: libraries of the operating system are missing. Download the Word "
                "file instead."
            )
        ) from missing
    fetcher = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    return HTML(string=html, url_fetcher=fetcher).write_pdf(finisher=finish, pdf_variant=variant)


def finish(_document: object, pdf: Any) -> None:
    pdf.info.pop("Producer", None)
    scope_headers([part for part in pdf.objects if isinstance(part, dict) and "S" in part and "P" in part])


def scope_headers(elements: list[dict]) -> None:
    """Tell of each head of a tagged table whether it is that of a column or of a row: one beside other cells."""
    rows_with_cells = {element["P"] for element in elements if element["S"] == "/TD"}
    for element in elements:
        if element["S"] == "/TH":
            element["A"]["Scope"] = "/Row" if element["P"] in rows_with_cells else "/Column"
