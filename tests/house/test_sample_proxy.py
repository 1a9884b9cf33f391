"""The configuration of nginx in `docs/operate.md` has the limits of the pages; nginx reads it in `test_front.py`."""

import re
import shutil
from pathlib import Path

from servanda.kit.server.body_limits import ORDINARY
from tests.house.real_server import ROOT
from tests.house.test_body_limits import views

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
SAMPLE = re.search(r"```nginx\n(.*?)```", (ROOT / "docs" / "operate.md").read_text(), re.DOTALL).group(1)
# One address of each page that names a limit.
ADDRESSES = {
    "receive_files": "/desk/imports/send/",
    "send_sheet": "/desk/sheets/people/",
    "contribute": "/desk/contributions/new/",
    "add_consultation_comment": "/desk/consultations/7e7de30b-219d-4224-9ab3-212bcc29a13a/new-comment/",
    "edit_consultation_comment": "/desk/consultations/7e7de30b-219d-4224-9ab3-212bcc29a13a/comments/7/edit/",
    "check_file": "/exchange/check/",
    "receive_parcel": "/exchange/peers/receive/",
    "receive_unsigned": "/exchange/peers/7e7de30b-219d-4224-9ab3-212bcc29a13a/unsigned/",
    "add_word_template": "/desk/new-word-template/",
    "send_word_file": "/desk/reports/7e7de30b-219d-4224-9ab3-212bcc29a13a/word-files/",
    "send_translation_table": "/desk/reports/7e7de30b-219d-4224-9ab3-212bcc29a13a/translations/fr/tables/",
    "add_evidence": "/desk/register/SVN-UPR-4-140.10/evidence/add/",
    "save_update": "/desk/updates/7/write/",
    "enter_on_behalf": "/desk/updates/on-behalf/",
    "add_proceeding_file": "/desk/communications/7e7de30b-219d-4224-9ab3-212bcc29a13a/new-file/",
    "add_obligation_file": "/desk/obligations/O-7/new-file/",
    "add_material": "/desk/network/courses/7e7de30b-219d-4224-9ab3-212bcc29a13a/new-file/",
    "add_legal_text": "/desk/network/mechanisms/7e7de30b-219d-4224-9ab3-212bcc29a13a/new-file/",
    "add_paper": "/desk/network/meetings/7e7de30b-219d-4224-9ab3-212bcc29a13a/new-paper/",
}


def limit_at(address: str) -> int:
    """In megabytes, as nginx chooses it: an exact location, then the first pattern, then the server."""
    for sign, path, size in re.findall(r"location (=|~) (\S+) \{\s+client_max_body_size (\d+)m;", SAMPLE):
        if path == address if sign == "=" else re.match(path, address):
            return int(size)
    return int(re.search(r"\n    client_max_body_size (\d+)m;", SAMPLE).group(1))


def test_the_proxy_lets_through_what_each_page_receives_and_no_more():
    limited = {name: view.body_limit.megabytes() + 1 for (_, name), view in views().items() if is_limited(view)}
    assert {name: limit_at(address) for name, address in ADDRESSES.items()} == limited
    assert limit_at("/desk/sheets/answers/7/") == limited["send_sheet"]
    assert limit_at("/account/login/") == ORDINARY


def is_limited(view) -> bool:
    return hasattr(view, "body_limit")


def configuration(folder: Path, port: int, behind: int) -> Path:
    """The sample without TLS, on these ports, with all its files in this folder."""
    sample = re.sub(r"ssl_certificate\S* .*;", "", SAMPLE).replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    sample = sample.replace("127.0.0.1:8000", f"127.0.0.1:{behind}").replace("servanda.example.org", "localhost")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = folder / "nginx.conf"
    file.write_text(f"pid {folder}/pid; error_log stderr; events {{}} http {{ access_log off; {places} {sample} }}")
    return file
