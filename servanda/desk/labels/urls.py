"""Addresses of suggested labels, and of what they were learned from."""

from django.urls import path

from servanda.desk.labels import bulk, learned_models, views

urlpatterns = [
    path("suggestions/", views.suggestions, name="suggestions"),
    path("suggestions/<int:pk>/", views.suggestion, name="suggestion"),
    path("suggestions/<int:pk>/accept/", views.accept_suggestion, name="accept_suggestion"),
    path("suggestions/<int:pk>/change/", views.change_suggestion, name="change_suggestion"),
    path("suggestions/<int:pk>/reject/", views.reject_suggestion, name="reject_suggestion"),
    path("suggestions/<int:pk>/reopen/", views.reopen_suggestion, name="reopen_suggestion"),
    path("suggestions/decide/", bulk.decide_suggestions, name="decide_suggestions"),
    path("suggestions/from/<int:pk>/", bulk.accept_suggestions, name="accept_suggestions"),
    path("learned/", learned_models.learned_models, name="learned_models"),
    path("learned/now/", learned_models.learn_labels, name="learn_labels"),
    path("learned/<int:pk>/", learned_models.learned_model, name="learned_model"),
]
