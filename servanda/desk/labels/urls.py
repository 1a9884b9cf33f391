"""Addresses of suggested labels, and of what they were learned from."""

from django.urls import path

from servanda.desk.assignments import theme_leads
from servanda.desk.labels import bulk as label_bulk
from servanda.desk.labels import learned_models
from servanda.desk.labels import views as label_views

patterns = [
    path("suggestions/", label_views.suggestions, name="suggestions"),
    path("suggestions/<int:pk>/", label_views.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/accept/", label_views.accept_suggestion, name="accept_suggestion"),
    path("suggestions/<int:pk>/change/", label_views.change_suggestion, name="change_suggestion"),
    path("suggestions/<int:pk>/reject/", label_views.reject_suggestion, name="reject_suggestion"),
    path("suggestions/<int:pk>/reopen/", label_views.reopen_suggestion, name="reopen_suggestion"),
    path("suggestions/decide/", label_bulk.decide_suggestions, name="decide_suggestions"),
    path("suggestions/from/<int:pk>/", label_bulk.accept_suggestions, name="accept_suggestions"),
    path("theme-leads/", theme_leads.theme_leads, name="theme_leads"),
    path("theme-leads/<int:pk>/remove/", theme_leads.remove_theme_lead, name="remove_theme_lead"),
    path("theme-leads/<int:term>/<int:institution>/", theme_leads.restore_theme_lead, name="restore_theme_lead"),
    path("theme-leads/learn/", theme_leads.learn_leads, name="learn_leads"),
    path("learned/", learned_models.learned_models, name="learned_models"),
    path("learned/now/", learned_models.learn_labels, name="learn_labels"),
    path("learned/<int:pk>/", learned_models.learned_model, name="learned_model"),
]
