"""The door for a WSGI server: `helhet.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from helhet.config.environment import require_sound

require_sound()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.config.settings")

application = get_wsgi_application()
