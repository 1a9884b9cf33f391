"""Settings of the test run: those of the product in a directory of its own, with quick hashing and no waiting."""

import atexit
import os
import shutil
import tempfile

# The processes of one run share a directory, never the one that the person who runs the tests works in.
if "SERVANDA_TEST_DIR" not in os.environ:
    os.environ["SERVANDA_TEST_DIR"] = tempfile.mkdtemp(prefix="servanda-test-")
    atexit.register(shutil.rmtree, os.environ["SERVANDA_TEST_DIR"], ignore_errors=True)
os.environ["SERVANDA_DATA_DIR"] = os.environ["SERVANDA_TEST_DIR"]
os.environ["SERVANDA_MODE"] = "production"
os.makedirs(os.path.join(os.environ["SERVANDA_TEST_DIR"], "static"), exist_ok=True)  # the server of files misses it

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
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405 -- comes with the product's settings; WhiteNoise warns without it
