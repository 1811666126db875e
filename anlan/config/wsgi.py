"""The site as a WSGI application."""

from django.core.wsgi import get_wsgi_application

from anlan.config.environment import point_at

point_at("anlan.config.settings")
application = get_wsgi_application()
