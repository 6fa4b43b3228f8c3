"""The door for a WSGI server: `helhet.config.wsgi:application`."""

import gc
import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from helhet.config.environment import require_sound

require_sound()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helhet.config.settings")

application = get_wsgi_application()

# What has been loaded lives as long as the process. Taken out of the search for circles, which went through all of it
# every few dozen pages and held one of them for a tenth of a second.
import_module(settings.ROOT_URLCONF)
gc.collect()
gc.freeze()
