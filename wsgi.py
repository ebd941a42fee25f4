"""Gunicorn's door: `gunicorn wsgi:app`."""

import gc
import sys

from leaflets.app import create_app
from leaflets.domain.errors import LeafletsError

# Gunicorn starts a worker that dies again and again, except after this exit code, which stops it for good.
GUNICORN_APP_LOAD_ERROR = 4

# Whoever holds SQLite's turn gives up Python's own lock at every statement: a busy thread hands it back ten times as
# soon as usual (5 ms), or all who save would wait for it.
sys.setswitchinterval(0.0005)

try:
    app = create_app()
except LeafletsError as error:
    print(f"leaflets: {error}", file=sys.stderr)
    sys.exit(GUNICORN_APP_LOAD_ERROR)

# What was built for good is not looked through again for what can be thrown away: that cost a page now and then
# more than 150 ms.
gc.collect()
gc.freeze()
