"""The site as a WSGI application."""

import gc

from django.core.wsgi import get_wsgi_application

from anlan.config.environment import point_at

point_at("anlan.config.settings")
application = get_wsgi_application()
# What was loaded to this point is never garbage, and a thousand observations are no reason to look for any: to look
# through everything again and again would cost some requests 30 ms.
gc.collect()
gc.freeze()
gc.set_threshold(50_000)
