"""A host of the app: a library of stories, as small as can be. Where jobs are Celery's, its app is
told of here, as Celery wants it.
"""

import os

if os.environ.get("TEST_JOBS") == "celery":
    from project.celery import app

    __all__ = ["app"]
