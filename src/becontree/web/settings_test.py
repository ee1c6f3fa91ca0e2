"""Settings of the test suite: both databases through BECONTREE_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BECONTREE_MODE", "test")
os.environ.setdefault("BECONTREE_HOME", tempfile.mkdtemp(prefix="becontree-test-"))
if url := os.environ.get("BECONTREE_TEST_DATABASE_URL"):
    os.environ["BECONTREE_DATABASE_URL"] = url

from becontree.web.settings import *  # noqa: F403
from becontree.web.settings import DATABASES

# The suite opens and drops databases: a pool would hold on to them.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# Two suites at once on one PostgreSQL each need a database of their own.
if name := os.environ.get("BECONTREE_TEST_DATABASE_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": name}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
