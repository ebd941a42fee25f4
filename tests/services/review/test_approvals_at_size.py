"""However many leaflets wait and however much is on record, the pages of approvals ask the same number of things."""

from scene import NOON

from leaflets.bench.approvals import fill, pages, statements
from leaflets.storage.session import open_sessions

MOST = {"queue_of_nation": 9, "queue_of_region": 9, "review": 20, "board": 20}


def test_the_pages_of_approvals_ask_no_more_when_more_waits(migrated_url: str) -> None:
    sessions = open_sessions(migrated_url, pooled=False, clock=lambda: NOON)
    with sessions() as session:
        fill(session, NOON, leaflets=700, audit_rows=50)
    asked = {name: statements(sessions(), ask) for name, ask in pages(NOON).items()}
    assert {name: count for name, count in asked.items() if count > MOST[name]} == {}
