"""The site that `sensorthings.post` and `sensorthings.read` compare with: django-ogc-sensorthings, and nothing else."""
