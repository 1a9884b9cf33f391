"""Addresses of suggested labels, and of what they were learned from."""

from django.urls import path

from servanda.desk import learned, suggestions, suggestions_many, theme_leads

patterns = [
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/<int:pk>/", suggestions.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/accept/", suggestions.accept_suggestion, name="accept_suggestion"),
    path("suggestions/<int:pk>/change/", suggestions.change_suggestion, name="change_suggestion"),
    path("suggestions/<int:pk>/reject/", suggestions.reject_suggestion, name="reject_suggestion"),
    path("suggestions/<int:pk>/reopen/", suggestions.reopen_suggestion, name="reopen_suggestion"),
    path("suggestions/decide/", suggestions_many.decide_suggestions, name="decide_suggestions"),
    path("suggestions/from/<int:pk>/", suggestions_many.accept_suggestions, name="accept_suggestions"),
    path("theme-leads/", theme_leads.theme_leads, name="theme_leads"),
    path("theme-leads/<int:pk>/remove/", theme_leads.remove_theme_lead, name="remove_theme_lead"),
    path("theme-leads/<int:term>/<int:institution>/", theme_leads.restore_theme_lead, name="restore_theme_lead"),
    path("theme-leads/learn/", theme_leads.learn_leads, name="learn_leads"),
    path("learned/", learned.learned_models, name="learned_models"),
    path("learned/now/", learned.learn_labels, name="learn_labels"),
    path("learned/<int:pk>/", learned.learned_model, name="learned_model"),
]
