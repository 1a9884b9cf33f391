from hashlib import sha256

import pytest

from servanda.sources.files import pdf

ANSWERS: dict[tuple, bytes] = {}


@pytest.fixture(autouse=True, scope="module")
def each_pdf_is_read_once():
    """A process reads each file for each question; here dozens of tests bring the same few. What reading itself does
    is tested in tests/sources, which may run in the same process after these tests: the patch ends with each module.
    """
    read = pdf.run_reader

    def read_once(path, question, arguments, **bounds):
        asked = (sha256(path.read_bytes()).digest(), question, *sorted(arguments.items()))
        if asked not in ANSWERS:
            ANSWERS[asked] = read(path, question, arguments, **bounds)
        return ANSWERS[asked]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pdf, "run_reader", read_once)
        yield
