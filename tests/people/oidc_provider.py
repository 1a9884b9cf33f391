"""An identity provider for tests: allauth's own, in a process of its own, with people who cause trouble.

`running(folder, callback, ...)` starts it on a free port of this machine and ends it.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT, SECRET = "servanda", "a secret between two machines"
# Who can log in there, and what its answer then gets wrong.
TROUBLE = {
    "ana@example.org": "",
    "unverified@example.org": "unverified",
    "audience@example.org": "aud",
    "issuer@example.org": "iss",
    "nonce@example.org": "nonce",
    "subject@example.org": "sub",
    "expired@example.org": "exp",
}


@contextmanager
def running(folder: Path, *callbacks: str) -> Iterator[str]:
    """The address of the provider while it runs."""
    command = [sys.executable, "-m", "tests.people.oidc_provider", str(folder), *callbacks]
    surroundings = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def main(folder: Path, callbacks: list[str]) -> None:
    import django
    from django.conf import settings
    from django.core.management import call_command
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "provider.sqlite3"}},
        IDP_OIDC_ADAPTER="tests.people.oidc_provider_pages.Troublesome",
        IDP_OIDC_PRIVATE_KEY=new_key(),
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "allauth",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        LOGGING_CONFIG=None,
        LOGIN_URL="/log-in/",
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        ROOT_URLCONF="tests.people.oidc_provider_pages",
        SECRET_KEY="known to everybody",
        SESSION_COOKIE_NAME="provider",  # cookies know no ports, and Servanda has its own on the same host
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        USE_TZ=True,
    )
    django.setup()
    call_command("migrate", verbosity=0)
    fill(callbacks)
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.set_app(get_wsgi_application())
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


def new_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def fill(callbacks: list[str]) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User

    client = Client(id=CLIENT, name=CLIENT, scopes="openid\nprofile\nemail", skip_consent=True)
    client.set_redirect_uris(callbacks)
    client.set_secret(SECRET)
    client.save()
    for address, trouble in TROUBLE.items():
        person = User.objects.create(username=address, email=address)
        EmailAddress.objects.create(user=person, email=address, verified=trouble != "unverified", primary=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
