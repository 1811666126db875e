"""The site as a WSGI application."""

import gc

from django.core.wsgi import get_wsgi_application

from anlan.config.environment import point_at

point_at("anlan.config.settings")
application = get_wsgi_application()
# What was loaded to this point is never garbage: to look through it again and again would cost requests 30 ms each time.
gc.collect()
gc.freeze()
