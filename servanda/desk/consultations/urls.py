"""Addresses of consultations and of the comments on drafts."""

from django.urls import path

from servanda.desk.consultations import comments, consultations, replies

urlpatterns = [
    path("consultations/", consultations.consultations, name="consultations"),
    path("own-comments/", comments.own_comments, name="own_comments"),
    path("reports/<uuid:key>/new-consultation/", consultations.add_consultation, name="add_consultation"),
    path("consultations/<uuid:key>/", consultations.consultation, name="consultation"),
    path("consultations/<uuid:key>/edit/", consultations.edit_consultation, name="edit_consultation"),
    path("consultations/<uuid:key>/open/", consultations.open_consultation, name="open_consultation"),
    path("consultations/<uuid:key>/cancel-opening/", consultations.cancel_opening, name="cancel_opening"),
    path("comment-files/<uuid:key>/", comments.comment_file, name="comment_file"),
    path("consultations/<uuid:key>/extend/", consultations.extend_consultation, name="extend_consultation"),
    path("consultations/<uuid:key>/invite/", consultations.invite_to_consultation, name="invite_to_consultation"),
    path("consultations/<uuid:key>/withdraw/", consultations.withdraw_consultation, name="withdraw_consultation"),
    path("consultations/<uuid:key>/restore/", consultations.restore_consultation, name="restore_consultation"),
    path("consultations/<uuid:key>/changes/", consultations.consultation_changes, name="consultation_changes"),
    path("consultations/<uuid:key>/comments/", comments.consultation_comments, name="consultation_comments"),
    path(
        "consultations/<uuid:key>/comments.<str:format>",
        comments.consultation_comments_export,
        name="consultation_comments_export",
    ),
    path("consultations/<uuid:key>/new-comment/", comments.add_consultation_comment, name="add_consultation_comment"),
    path("consultations/<uuid:key>/comments/<int:pk>/", comments.consultation_comment, name="consultation_comment"),
    path(
        "consultations/<uuid:key>/comments/<int:pk>/edit/",
        comments.edit_consultation_comment,
        name="edit_consultation_comment",
    ),
    path(
        "consultations/<uuid:key>/comments/<int:pk>/withdraw/",
        comments.withdraw_consultation_comment,
        name="withdraw_consultation_comment",
    ),
    path(
        "consultations/<uuid:key>/comments/<int:pk>/reply/",
        replies.reply_consultation_comment,
        name="reply_consultation_comment",
    ),
    path(
        "consultations/<uuid:key>/comments/<int:pk>/publish/",
        replies.show_consultation_comment,
        name="show_consultation_comment",
    ),
    path(
        "consultations/<uuid:key>/comments/<int:pk>/withhold/",
        replies.withhold_consultation_comment,
        name="withhold_consultation_comment",
    ),
]
