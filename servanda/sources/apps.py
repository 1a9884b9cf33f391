from django.apps import AppConfig


class SourcesConfig(AppConfig):
    name = "servanda.sources"

    def ready(self) -> None:
        from allauth.account.signals import password_reset

        from servanda.intake.sheets.kinds import register
        from servanda.people.accounts.services import account_closed
        from servanda.people.models.notices import register_objects
        from servanda.sources.models import Obligation
        from servanda.sources.obligations.feeds import forget_feed
        from servanda.sources.obligations.sheet_kind import ObligationSheets
        from servanda.sources.questions.sheet import QuestionSheets
        from servanda.sources.treaties.sheet import TreatySheets

        for kind in (TreatySheets, ObligationSheets, QuestionSheets):
            register(kind())
        restricted = Obligation.objects.filter(confidentiality=Obligation.Confidentiality.RESTRICTED)
        register_objects("sources.Obligation", Obligation.objects.visible_to, not_in_mails=restricted)
        for signal in (password_reset, account_closed):
            signal.connect(forget_feed, dispatch_uid="servanda.calendar_feed")
