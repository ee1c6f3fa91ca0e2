"""Settings of the test suite: both databases through BECONTREE_TEST_DATABASE_URL."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("BECONTREE_MODE", "test")
os.environ.setdefault("BECONTREE_HOME", tempfile.mkdtemp(prefix="becontree-test-"))
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # The processes of one run inherit one home; a test that empties a folder there must not empty its neighbour's.
    home = os.path.join(os.environ["BECONTREE_HOME"], worker)  # noqa: PTH118
    os.makedirs(home, exist_ok=True)  # noqa: PTH103
    os.environ["BECONTREE_HOME"] = home
if url := os.environ.get("BECONTREE_TEST_DATABASE_URL"):
    os.environ["BECONTREE_DATABASE_URL"] = url

from becontree.web.settings import *  # noqa: F403
from becontree.web.settings import DATABASES

# The suite opens and drops databases: a pool would hold on to them.
DATABASES["default"]["OPTIONS"].pop("pool", None)
# Two suites at once on one PostgreSQL each need a database of their own.
if name := os.environ.get("BECONTREE_TEST_DATABASE_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": name}
elif DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in life. In memory, connections of one process share one cache whose locks nobody can wait for: a
    # thread of one test (a mail server, a live page) then stops the next. Nothing here outlives a power cut.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["BECONTREE_HOME"], "suite.sqlite3")}  # noqa: PTH118
    DATABASES["default"]["OPTIONS"]["init_command"] = DATABASES["default"]["OPTIONS"]["init_command"].replace(
        "synchronous=FULL", "synchronous=OFF"
    )
REMEMBERED_SECONDS = 0
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
