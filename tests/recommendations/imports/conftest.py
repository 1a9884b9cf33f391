from hashlib import sha256

import pytest

from servanda.sources.files import pdf


@pytest.fixture(autouse=True, scope="session")
def each_pdf_is_read_once():
    """A process reads each file for each question; here dozens of tests bring the same few. What reading itself does
    is asked in tests/sources."""
    read, answers = pdf.run_reader, {}

    def read_once(path, question, arguments, **bounds):
        asked = (sha256(path.read_bytes()).digest(), question, *sorted(arguments.items()))
        if asked not in answers:
            answers[asked] = read(path, question, arguments, **bounds)
        return answers[asked]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pdf, "run_reader", read_once)
        yield
