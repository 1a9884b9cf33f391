from django.urls import path

from servanda.people.log_in import views

patterns = [
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("sessions/end/", views.end_sessions, name="end_sessions"),
    path("<int:pk>/single-sign-on/undo/", views.unlink_single_sign_on, name="unlink_single_sign_on"),
]
