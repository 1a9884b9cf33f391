from django.urls import path

from servanda.people.successions import views

patterns = [
    path("institutions/<int:pk>/close/", views.close_institution, name="close_institution"),
    path("institutions/<int:pk>/succeed/", views.succeed_institution, name="succeed_institution"),
    path("institutions/<int:pk>/reopen/", views.reopen_institution, name="reopen_institution"),
]
