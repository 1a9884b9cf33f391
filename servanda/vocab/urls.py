from django.urls import path

from servanda.vocab import confirming, views
from servanda.vocab.rules import views as rule_views

app_name = "vocab"
urlpatterns = [
    path("", views.vocabulary, name="vocabulary"),
    path("unconfirmed/", confirming.unconfirmed, name="unconfirmed"),
    path("unconfirmed/confirm/", confirming.confirm_labels, name="confirm_labels"),
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/add/", views.add_body, name="add_body"),
    path("bodies/<int:pk>/", views.edit_body, name="edit_body"),
    path("bodies/<int:pk>/delete/", views.delete_body, name="delete_body"),
    path("treaties/add/", views.add_instrument, name="add_instrument"),
    path("treaties/<int:pk>/", views.edit_instrument, name="edit_instrument"),
    path("rules/", rule_views.rules, name="rules"),
    path("rules/add/", rule_views.add_rule, name="add_rule"),
    path("rules/<slug:code>/", rule_views.rule, name="rule"),
    path("rules.<slug:format>", rule_views.rules_export, name="rules_export"),
    path("rules/<slug:code>/edit/", rule_views.edit_rule, name="edit_rule"),
    path("rules/<slug:code>/retire/", rule_views.retire_rule, name="retire_rule"),
    path("rules/<slug:code>/apply-again/", rule_views.apply_rule_again, name="apply_rule_again"),
    path("rules/<slug:code>/take-over/", rule_views.take_over_rule, name="take_over_rule"),
    path("rules/<slug:code>/keep/", rule_views.keep_rule, name="keep_rule"),
    path(
        "rules/<slug:code>/versions/<int:version>/restore/",
        rule_views.restore_rule_version,
        name="restore_rule_version",
    ),
    path("spellings/add/", views.add_spelling, name="add_spelling"),
    path("taxonomies/add/", views.add_taxonomy, name="add_taxonomy"),
    path("taxonomies/<slug:code>/", views.taxonomy, name="taxonomy"),
    path("taxonomies/<slug:code>/edit/", views.edit_taxonomy, name="edit_taxonomy"),
    path("taxonomies/<slug:code>/delete/", views.delete_taxonomy, name="delete_taxonomy"),
    path("taxonomies/<slug:code>/paste/", views.paste_terms, name="paste_terms"),
    path("taxonomies/<slug:code>/terms/add/", views.add_term, name="add_term"),
    path("taxonomies/<slug:code>/terms/<int:pk>/", views.edit_term, name="edit_term"),
    path("taxonomies/<slug:code>/terms/<int:pk>/delete/", views.delete_term, name="delete_term"),
]
