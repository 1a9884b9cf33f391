"""Settings of accounts: how people log in, and what the library for it is told."""

from servanda import environment

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["servanda.people.backend.Accounts"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["name", "email"]},
    },
    {"NAME": "servanda.people.log_in.passwords.NotRepeated"},
    {"NAME": "servanda.people.log_in.passwords.NotCommonWithTail"},
    {"NAME": "servanda.people.log_in.passwords.NotFromHere"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # many share a computer
ACCOUNT_ADAPTER = "servanda.people.log_in.adapter.InvitationOnly"
ACCOUNT_FORMS = {"reset_password": "servanda.people.log_in.adapter.LinkForm"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True  # the link is the other way in, when strangers used up the guesses
# That of allauth copies the address into a table of its own, where it would go on working when ours has changed.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
PASSWORD_RESET_TIMEOUT = 60 * 60
# Limits of one network address or one logged-in person. Those of one account are in people/requests/throttling.py.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": None,
    "reset_password": "20/m/ip",
    "change_password": "5/m/user,20/h/user",
    "reauthenticate": "10/m/user,30/h/user",
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "portal:home"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Servanda"
MFA_TOTP_TOLERANCE = 1  # clocks of phones and servers differ; no code is good twice all the same
MFA_ADAPTER = "servanda.people.second_factor.adapter.SecondFactor"
MFA_FORMS = {
    "authenticate": "servanda.people.second_factor.adapter.CodeAtLogIn",
    "activate_totp": "servanda.people.second_factor.adapter.Activation",
    "reauthenticate": "servanda.people.second_factor.adapter.CodeOnceMore",
}
USERSESSIONS_ADAPTER = "servanda.people.log_in.adapter.Sessions"
SOCIALACCOUNT_ADAPTER = "servanda.people.log_in.single_sign_on.SingleSignOn"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "servanda.people.log_in.single_sign_on.HouseProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": environment.single_sign_on(),
    }
}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
