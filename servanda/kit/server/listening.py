"""Where the server listens, written down at its start: links are also made by the worker and on the command line."""

from pathlib import Path

from django.conf import settings

FILE = "server-address"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
HTTP_PORT = 80


def save_listening(*, host: str, port: int) -> None:
    (Path(settings.DATA_DIR) / FILE).write_text(f"{host} {port}\n", encoding="utf-8")


def address_by_default() -> str:
    """The address for links where no other is configured: the first name of this server, with the port on which it
    was last started. A server that only this machine reaches has a proxy if its name is a public one; then the port
    is that of the proxy."""
    name, file = settings.ALLOWED_HOSTS[0], Path(settings.DATA_DIR) / FILE
    host, _space, port = file.read_text(encoding="utf-8").strip().partition(" ") if file.is_file() else ("", "", "")
    is_behind_proxy = host in LOOPBACK and name not in LOOPBACK
    if not port or is_behind_proxy or int(port) == HTTP_PORT:
        return f"http://{name}"
    return f"http://{name}:{port}"
