"""Links that are not made in a request lead to the port on which the server listens."""

import pytest

from servanda.kit.server.listening import address_by_default, save_listening
from servanda.people.access import Role
from servanda.people.invitations.services import invite_person
from tests import make
from tools.start import first_step, listening_place

PUBLIC = "recommendations.example.org"


@pytest.fixture(autouse=True)
def place(tmp_path, settings):
    settings.DATA_DIR, settings.ORIGIN = tmp_path, ""
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1"]


@pytest.mark.django_db
def test_the_first_invitation_leads_to_the_port_of_the_server():
    save_listening(host="127.0.0.1", port=8123)
    invited = invite_person(email="ana@example.org", name="Ana", role="administrator", by=None)
    assert invited.link.startswith("http://localhost:8123/")


def test_before_the_first_start_the_address_has_no_port():
    assert address_by_default() == "http://localhost"


@pytest.mark.parametrize(
    ("host", "port", "name", "address"),
    [
        ("0.0.0.0", 80, "localhost", "http://localhost"),  # noqa: S104 -- a server for a whole network
        ("0.0.0.0", 9000, PUBLIC, f"http://{PUBLIC}:9000"),  # noqa: S104 -- as above
        ("127.0.0.1", 9000, PUBLIC, f"http://{PUBLIC}"),  # behind a proxy
    ],
)
def test_a_proxy_has_a_port_of_its_own(settings, host, port, name, address):
    settings.ALLOWED_HOSTS = [name]
    save_listening(host=host, port=port)
    assert address_by_default() == address


def test_host_and_port_are_read_among_the_options_of_the_server(monkeypatch):
    monkeypatch.delenv("GRANIAN_PORT", raising=False)
    assert (listening_place([]).host, listening_place([]).port) == ("127.0.0.1", 8000)
    place = listening_place(["--workers", "2", "--host", "0.0.0.0", "--port=9000"])  # noqa: S104 -- as above
    assert (place.host, place.port) == ("0.0.0.0", 9000)  # noqa: S104 -- as above
    monkeypatch.setenv("GRANIAN_PORT", "8100")
    assert listening_place(["--log-level", "warning"]).port == 8100


def test_the_first_start_names_the_command_for_the_first_account(db):
    assert "./run manage invite" in first_step()
    make.user(Role.ADMINISTRATOR)
    assert first_step() == ""
