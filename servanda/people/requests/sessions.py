"""Sessions in the database, as Django keeps them. Each request reads one, so its query is compiled once.

A module of its own, because Django imports it by the name in `SESSION_ENGINE`.
"""

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from servanda.kit.database.kept_texts import READING
from servanda.kit.database.prepared import KEY, OnceInProcess

KNOWN = OnceInProcess(lambda: Session.objects.filter(session_key=KEY, expire_date__gt=READING))


class SessionStore(db.SessionStore):
    def _get_session_from_db(self) -> Session | None:
        session = next(iter(KNOWN.read(key=self.session_key)), None)
        if session is None:
            self._session_key = None
        return session
