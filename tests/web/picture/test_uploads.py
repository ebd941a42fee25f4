from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from scene import photo
from site_of_scene import Site
from werkzeug.test import TestResponse

from leaflets.storage.picture import Picture

TUS = {"Tus-Resumable": "1.0.0", "Accept": "application/json"}
PIECE = "application/offset+octet-stream"


def named(filename: str) -> str:
    return (
        f"filename {base64.b64encode(filename.encode()).decode()},filetype {base64.b64encode(b'image/jpeg').decode()}"
    )


def problem(answer: TestResponse) -> dict[str, str]:
    assert isinstance(answer.json, dict)
    return answer.json


class Line:
    """A tus client in a browser of the site's."""

    def __init__(self, site: Site, client: FlaskClient) -> None:
        self.site, self.client = site, client
        self.url = f"/campaigns/{site.scene.campaign.id}/uploads"

    def headers(self, **more: str) -> dict[str, str]:
        return {**TUS, "X-CSRFToken": self.site.token(self.client), **more}

    def begin(self, size: object, filename: str = "Sŵn y môr.jpg", **more: str) -> TestResponse:
        wishes = {"Upload-Length": str(size), "Upload-Metadata": named(filename), **more}
        return self.client.post(self.url, headers=self.headers(**wishes))

    def piece(self, where: str, offset: object, content: bytes, **more: Any) -> TestResponse:
        headers = self.headers(**{"Upload-Offset": str(offset)})
        return self.client.patch(where, data=content, headers=headers, **{"content_type": PIECE, **more})

    def standing(self, where: str) -> TestResponse:
        return self.client.head(where, headers=TUS)


@pytest.fixture
def line(site: Site) -> Line:
    return Line(site, site.client(site.scene.agent))


def test_a_photo_is_sent_by_tus_as_its_specification_says(line: Line, site: Site) -> None:
    content = photo().getvalue()
    able = line.client.options(line.url)
    assert (able.status_code, able.headers["Tus-Version"], able.headers["Tus-Max-Size"]) == (204, "1.0.0", "60000000")
    assert able.headers["Tus-Extension"] == "creation,termination"
    begun = line.begin(len(content))
    where = begun.headers["Location"]
    assert (begun.status_code, begun.headers["Tus-Resumable"]) == (201, "1.0.0")
    first = line.piece(where, 0, content[:2000])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "2000")
    found = line.standing(where)
    assert (found.status_code, found.headers["Upload-Offset"], found.headers["Upload-Length"]) == (
        200,
        "2000",
        str(len(content)),
    )
    assert found.headers["Cache-Control"] == "no-store"
    instead = line.client.post(
        where,
        data=content[2000:],
        content_type=PIECE,
        headers=line.headers(**{"Upload-Offset": "2000", "X-HTTP-Method-Override": "PATCH"}),
    )
    assert instead.status_code == 204
    digest = instead.headers["Leaflets-Picture"]
    assert line.standing(where).headers["Leaflets-Picture"] == digest  # for a client that did not hear the answer
    with site.scene.sessions() as session:
        assert session.query(Picture).one().filename == "Sŵn y môr.jpg"
    assert line.client.delete(where, headers=line.headers()).status_code == 204
    assert line.standing(where).status_code == 404


@pytest.mark.parametrize(
    ("size", "status", "code"),
    [
        (61_000_000, 413, "picture-too-large-file"),
        (0, 422, "picture-empty"),
        (-1, 422, "invalid"),
        ("", 422, "invalid"),
        ("9" * 40, 422, "invalid"),
        ("1e3", 422, "invalid"),
        ("٣", 422, "invalid"),
    ],
)
def test_a_size_that_cannot_be_is_refused_with_what_to_do(line: Line, size: object, status: int, code: str) -> None:
    sent = str(size).encode("utf-8").decode("latin-1")
    answer = line.begin(sent)
    assert (answer.status_code, problem(answer)["code"]) == (status, code)
    assert problem(answer)["remedy"]


def test_hostile_pieces_are_answered_in_tus_s_own_numbers(line: Line) -> None:
    content = photo().getvalue()
    where = line.begin(len(content)).headers["Location"]
    for wrong, status in ((5, 409), (-5, 422), ("", 422), ("nine", 422)):
        answer = line.piece(where, wrong, content[:10])
        assert (answer.status_code, bool(answer.json)) == (status, True)
    assert line.piece(where, 0, content + b"and more").status_code == 422
    assert line.piece(where, 0, content, content_type="image/jpeg").status_code == 415
    assert line.client.patch(where, headers={**line.headers(), "Tus-Resumable": "0.2.2"}).status_code == 412
    assert line.client.post(where, headers=line.headers()).status_code == 405
    unnumbered = line.client.patch(
        where,
        headers=line.headers(**{"Upload-Offset": "0"}),
        content_type=PIECE,
        environ_overrides={"HTTP_TRANSFER_ENCODING": "chunked"},
    )
    assert unnumbered.status_code == 411
    assert line.standing(where).headers["Upload-Offset"] == "0"
    assert line.begin(1000, **{"Upload-Metadata": "filename &&&"}).status_code == 422


def test_only_one_s_own_browser_carries_an_upload_on(line: Line, site: Site) -> None:
    content = photo().getvalue()
    where = line.begin(len(content)).headers["Location"]
    for person, status in ((site.scene.helper, 404), (site.scene.stranger, 404), (None, 401)):
        other = Line(site, site.client(person))
        assert other.piece(where, 0, content).status_code == status
        assert other.standing(where).status_code == status
    forged = line.client.patch(where, data=content, content_type=PIECE, headers={**TUS, "Upload-Offset": "0"})
    assert (forged.status_code, problem(forged)["code"]) == (400, "csrf")
    elsewhere = re.sub(r"campaigns/\d+", "campaigns/99", where)
    assert line.piece(elsewhere, 0, content).status_code == 404
    assert line.standing(f"{line.url}/nothing").status_code == 404


def test_a_file_that_lies_is_refused_in_words(line: Line) -> None:
    begun = line.begin(9000, filename="portrait.jpg")
    answer = line.piece(begun.headers["Location"], 0, b"%PDF-1.7" + bytes(8992))
    assert answer.status_code == 422
    assert problem(answer)["message"].startswith("This is a PDF, not a photo")
