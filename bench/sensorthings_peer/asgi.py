"""The site as an ASGI application; its views are asynchronous."""

from django.core.asgi import get_asgi_application

from anlan.config.environment import point_at

point_at("bench.sensorthings_peer.settings")
application = get_asgi_application()
