"""The one table of environment variables; `docs/operate.md` lists the same names, and a test compares them."""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

VARIABLES = {
    "SERVANDA_MODE": "production",  # production, demo, or development
    "SERVANDA_DATA_DIR": str(ROOT / "var"),
    "SERVANDA_HOSTS": "localhost,127.0.0.1,[::1]",
    "SERVANDA_ORIGIN": "",  # https://servanda.example.org, when a proxy ends TLS
    "SERVANDA_SECRET_KEY": "",  # empty: made once and kept in the data directory
    "SERVANDA_OLD_SECRET_KEYS": "",  # former keys, separated by spaces, while what they encrypted is still read
    "SERVANDA_MAIL_URL": "",  # smtp://user:password@host:587?tls=true; empty: mails go to a folder
    "SERVANDA_MAIL_FROM": "servanda@localhost",
    "SERVANDA_LANGUAGES": "en,es,fr,pt,ar",
    "SERVANDA_OIDC_URL": "",  # https://login.example.org/realms/state; empty: no single sign-on
    "SERVANDA_OIDC_ID": "",
    "SERVANDA_OIDC_SECRET": "",
    "SERVANDA_OIDC_NAME": "",  # what the button says; empty: the host of the URL
    "SERVANDA_ANCHOR_FILE": "",  # empty: in the data directory; better on a disk where the database is not
    "SERVANDA_EVIDENCE_MB": "20",  # the largest file of evidence
    "SERVANDA_EVIDENCE_QUOTA_MB": "2000",  # all files of one institution together
    "SERVANDA_CLAMD": "",  # host:port or the path of a socket; empty: files are not scanned for viruses
    "SERVANDA_ENCODER_URL": "",  # https://vectors.example.org/v1/embeddings; empty: texts leave for nowhere
    "SERVANDA_ENCODER_MODEL": "",  # name and version of what answers there
    "SERVANDA_ENCODER_KEY": "",
    "SERVANDA_PEERS_INSIDE": "",  # https://peer.example.internal,…; empty: feeds of public servers only
    "DATABASE_URL": "",  # empty: SQLite in the data directory
}


def read(name: str) -> str:
    return os.environ.get(name, VARIABLES[name])


def read_list(name: str) -> list[str]:
    return [part.strip() for part in read(name).split(",") if part.strip()]


def data_dir() -> Path:
    """Where the data are; from here on this process writes for its own user alone."""
    os.umask(0o077)
    path = Path(read("SERVANDA_DATA_DIR")).expanduser().resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def anchor_file(directory: Path) -> Path:
    """Where the trail is anchored: a file of its own, out of reach of whoever can write to the database."""
    return Path(read("SERVANDA_ANCHOR_FILE") or directory / "trail-anchors.jsonl").expanduser().resolve()


def secret_key(directory: Path) -> str:
    """The key given by the operator, or one made at the first start and readable by this user only."""
    if given := read("SERVANDA_SECRET_KEY"):
        return given
    path = directory / "secret_key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key


SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
        " PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA mmap_size=134217728;"
        " PRAGMA secure_delete=ON;"  # what is erased is overwritten in the file
    ),
}


def database(directory: Path) -> dict:
    """That of the URL; without one, SQLite in the data directory."""
    url = read("DATABASE_URL") or f"sqlite:///{directory / 'servanda.sqlite3'}"
    found: dict = dict(dj_database_url.parse(url, conn_max_age=600, conn_health_checks=True))
    if found["ENGINE"].endswith("sqlite3"):
        return found | {"OPTIONS": SQLITE_OPTIONS}
    # To compile a query takes longer than any of ours runs.
    return found | {"OPTIONS": {"options": "-c jit=off"} | found.get("OPTIONS", {})}


def mailer(directory: Path) -> dict:
    """How mail is sent, from one URL; without a URL, mails are written to files in the data directory."""
    url = read("SERVANDA_MAIL_URL")
    if not url:
        return {
            "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "OPTIONS": {"file_path": directory / "mail"},
        }
    parts = urlsplit(url)
    return {
        "BACKEND": "servanda.jobs.mail_server.BoundedEmailBackend",
        "OPTIONS": {
            "host": parts.hostname,
            "port": parts.port or 25,
            "username": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "use_tls": parse_qs(parts.query).get("tls") == ["true"],
            "timeout": 30,  # a server that says nothing must not hold the worker for ever
        },
    }


def single_sign_on() -> list[dict]:
    """Settings of the identity provider in allauth's format; empty without `SERVANDA_OIDC_URL`."""
    url, client, secret = (read(f"SERVANDA_OIDC_{part}") for part in ("URL", "ID", "SECRET"))
    if not url:
        return []
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in {"localhost", "127.0.0.1"}:
        raise ImproperlyConfigured(f"SERVANDA_OIDC_URL is {url!r}; it must begin with https://.")
    if not client or not secret:
        raise ImproperlyConfigured("SERVANDA_OIDC_URL is set; SERVANDA_OIDC_ID and SERVANDA_OIDC_SECRET are needed.")
    return [
        {
            "provider_id": "single-sign-on",
            "name": read("SERVANDA_OIDC_NAME") or parts.hostname,
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": url},
        }
    ]


def evidence() -> tuple[int, int, str]:
    """How large a file of evidence may be, and those of one institution together; where the virus scanner listens."""
    sizes = []
    for name in ("SERVANDA_EVIDENCE_MB", "SERVANDA_EVIDENCE_QUOTA_MB"):
        if not read(name).isdecimal() or read(name) == "0":
            raise ImproperlyConfigured(f"{name} is {read(name)!r}; it must be a number of megabytes.")
        sizes.append(int(read(name)))
    scanner = read("SERVANDA_CLAMD")
    if scanner and "/" not in scanner and not scanner.rpartition(":")[2].isdecimal():
        raise ImproperlyConfigured(f"SERVANDA_CLAMD is {scanner!r}; it must be host:port or the path of a socket.")
    return sizes[0], sizes[1], scanner


def encoder() -> tuple[str, str, str]:
    """The server that puts the meaning of texts into numbers, its model and the key to it; empty: none is asked."""
    url, model, key = (read(f"SERVANDA_ENCODER_{part}") for part in ("URL", "MODEL", "KEY"))
    if not url:
        return "", "", ""
    parts = urlsplit(url)
    if not parts.hostname or (parts.scheme != "https" and not is_here(parts)):
        raise ImproperlyConfigured(
            f"SERVANDA_ENCODER_URL is {url!r}; it must begin with https://, or lead to this machine."
        )
    if not model:
        raise ImproperlyConfigured("SERVANDA_ENCODER_URL is set; SERVANDA_ENCODER_MODEL is needed.")
    return url, model, key


def is_here(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}


def places_of_forms() -> list[str]:
    """Where a form of ours may lead besides here: browsers apply the rule to each redirect after it."""
    parts = urlsplit(read("SERVANDA_OIDC_URL"))
    return [f"{parts.scheme}://{parts.netloc}"] if parts.netloc else []
