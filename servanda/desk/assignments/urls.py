"""Addresses of assignments, and of the table of who leads on which theme."""

from django.urls import path

from servanda.desk.assignments import theme_leads, views

urlpatterns = [
    path("theme-leads/", theme_leads.theme_leads, name="theme_leads"),
    path("theme-leads/<int:pk>/remove/", theme_leads.remove_theme_lead, name="remove_theme_lead"),
    path("theme-leads/<int:term>/<int:institution>/", theme_leads.restore_theme_lead, name="restore_theme_lead"),
    path("theme-leads/learn/", theme_leads.learn_leads, name="learn_leads"),
    path("assign/", views.assign_in_bulk, name="assign_in_bulk"),
    path("register/<str:code>/assign/", views.assign_institutions, name="assign_institutions"),
    path("register/<str:code>/assignment/<int:pk>/end/", views.end_assignment, name="end_assignment"),
    path(
        "register/<str:code>/assignment/<int:pk>/refuse/",
        views.refuse_assignment,
        name="refuse_assignment",
    ),
]
