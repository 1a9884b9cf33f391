"""A page of HTML as a PDF file. Nothing is fetched: all that a document shows is in it, or a data: address."""

import logging
from typing import Any

from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused

logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)  # else each file leaves eight lines


def pdf_of(html: str) -> bytes:
    """An address of any other kind stops the file: a document that asks the network tells somebody about it."""
    try:
        # Asked for this late, so that everything else works where the libraries of the system are missing.
        from weasyprint import HTML, URLFetcher
    except OSError as missing:
        raise Refused(
            _("PDF files cannot be made here: libraries of the operating system are missing. Take the Word file.")
        ) from missing
    within = URLFetcher(allowed_protocols=["data"], fail_on_errors=True)
    return HTML(string=html, url_fetcher=within).write_pdf(finisher=forget_the_maker)


def forget_the_maker(_document: object, pdf: Any) -> None:
    pdf.info.pop("Producer", None)
