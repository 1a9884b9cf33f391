"""Settings of the test run: those of the product in a directory of its own, with quick hashing and no waiting."""

import os
import tempfile

os.environ.setdefault("SERVANDA_DATA_DIR", tempfile.mkdtemp(prefix="servanda-test-"))
os.environ.setdefault("SERVANDA_MODE", "production")

from servanda.settings import *  # noqa: E402, F403 -- the environment must be set before the product's settings are read

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    **STORAGES,  # noqa: F405 -- comes with the product's settings
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
