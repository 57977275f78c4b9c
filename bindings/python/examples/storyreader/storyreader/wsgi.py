"""For gunicorn and runserver. New speech is waited for a short while, in the request's thread."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storyreader.settings")
application = get_wsgi_application()
