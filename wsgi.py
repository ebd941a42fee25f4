"""Gunicorn's door: `gunicorn wsgi:app`."""

import sys

from leaflets.app import create_app
from leaflets.domain.errors import LeafletsError

# Gunicorn starts a worker that dies again and again, except after this exit code, which stops it for good.
GUNICORN_APP_LOAD_ERROR = 4

try:
    app = create_app()
except LeafletsError as error:
    print(f"leaflets: {error}", file=sys.stderr)
    sys.exit(GUNICORN_APP_LOAD_ERROR)
