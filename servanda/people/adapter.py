from allauth.account.adapter import DefaultAccountAdapter


class InvitationOnly(DefaultAccountAdapter):
    """Nobody signs up by themselves: a mechanism names its people."""

    def is_open_for_signup(self, request) -> bool:
        return False
