import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from servanda.kit.private_place import refuse_open_place
from servanda.kit.server.front import Front
from servanda.kit.server.lane import Lane
from servanda.kit.server.memory import loading

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servanda.settings")
with loading():
    application = get_wsgi_application()
    refuse_open_place()
    get_resolver().url_patterns  # noqa: B018 -- loads every page, which the first visitor would wait for
    front = Front(application, Lane())  # what `./run serve` serves
