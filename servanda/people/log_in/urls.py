from django.urls import path

from servanda.people.log_in import views as log_in_views

patterns = [
    path("sessions/<int:pk>/end/", log_in_views.end_session, name="end_session"),
    path("sessions/end/", log_in_views.end_sessions, name="end_sessions"),
]
