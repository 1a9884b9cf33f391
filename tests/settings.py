"""Settings of the test run: those of the product in a directory of its own, with quick hashing and no waiting."""

import atexit
import os
import shutil
import tempfile

# Never the directory that the person who runs the tests works in. Each process of a run has its own: none finds the
# files and locks of another.
if "SERVANDA_TEST_DIR" not in os.environ:
    os.environ["SERVANDA_TEST_DIR"] = tempfile.mkdtemp(prefix="servanda-test-")
    atexit.register(shutil.rmtree, os.environ["SERVANDA_TEST_DIR"], ignore_errors=True)
OWN = os.path.join(os.environ["SERVANDA_TEST_DIR"], os.environ.get("PYTEST_XDIST_WORKER", ""))
os.makedirs(os.path.join(OWN, "static"), mode=0o700, exist_ok=True)  # the server of files misses it
os.chmod(OWN, 0o700)
# Named after what is in them, so that processes share them: one encodes the names of labels.
NAMES = os.path.join(os.environ["SERVANDA_TEST_DIR"], "label_names")
os.makedirs(NAMES, mode=0o700, exist_ok=True)
if not os.path.lexists(os.path.join(OWN, "label_names")):
    os.symlink(NAMES, os.path.join(OWN, "label_names"))
os.environ["SERVANDA_DATA_DIR"] = OWN
os.environ["SERVANDA_MODE"] = "production"

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
