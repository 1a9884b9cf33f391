from django.urls import path

from servanda.people import sessions

patterns = [
    path("sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
    path("sessions/end/", sessions.end_sessions, name="end_sessions"),
]
