"""Settings of accounts: how people log in, and what the library for it is told."""

from servanda import environment

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
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
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # many share a computer
ACCOUNT_ADAPTER = "servanda.people.adapter.InvitationOnly"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:home"
LOGOUT_REDIRECT_URL = "portal:home"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Servanda"
SOCIALACCOUNT_ADAPTER = "servanda.people.single_sign_on.SingleSignOn"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "provider_class": "servanda.people.single_sign_on.HouseProvider",
        "OAUTH_PKCE_ENABLED": True,
        "APPS": environment.single_sign_on(),
    }
}
SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
