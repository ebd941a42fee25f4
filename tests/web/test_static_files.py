import gzip
import os
import re
from pathlib import Path

from flask import Flask
from site_of_scene import Site

from leaflets.config import ROOT
from leaflets.web import static_files


def small_site(folder: Path, *, changing: bool) -> Flask:
    app = Flask("a test", static_folder=None)
    static_files.serve(app, folder, changing=changing)
    app.add_url_rule("/", view_func=lambda: "\n".join(app.jinja_env.globals["modules"]("a.js")), endpoint="page")
    return app


def write(folder: Path, name: str, text: str, *, at_ns: int) -> None:
    (folder / name).write_text(text)
    os.utime(folder / name, ns=(at_ns, at_ns))


def test_what_never_changes_is_kept_by_the_browser_and_sent_small(site: Site) -> None:
    client = site.client(None)
    sheet = re.search(r'href="(/static/[0-9a-f]{12}/css/base\.css)"', client.get("/sign-in").text)
    assert sheet
    content = (ROOT / "static" / "css" / "base.css").read_bytes()
    plain, small = client.get(sheet[1]), client.get(sheet[1], headers={"Accept-Encoding": "gzip, br"})
    for answer in (plain, small):
        assert answer.headers["Cache-Control"] == static_files.FOR_GOOD
        assert "Accept-Encoding" in answer.vary
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert plain.data == content
    assert gzip.decompress(small.data) == content
    assert client.get(sheet[1], headers={"Accept-Encoding": "gzip;q=0"}).data == content


def test_an_address_of_another_version_or_outside_the_folder_is_gone_and_kept_by_nobody(site: Site) -> None:
    client = site.client(None)
    with site.app.test_request_context():
        from flask import url_for

        address = url_for("static", filename="css/base.css")
    for gone in ("/static/0123456789ab/css/base.css", address.replace("css/base.css", "../wsgi.py"), address + "x"):
        answer = client.get(gone)
        assert answer.status_code == 404, gone
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_page_can_name_every_module_that_its_script_begins_with(tmp_path: Path) -> None:
    (tmp_path / "parts").mkdir()
    write(
        tmp_path,
        "a.js",
        'import { b } from "./parts/b.js";\nimport {\n  c,\n} from "./c.js";\nimport("./later.js");',
        at_ns=1,
    )
    write(tmp_path, "parts/b.js", 'export * from "../c.js";\nexport const b = "./no.js";', at_ns=1)
    write(tmp_path, "c.js", 'import "./a.js"; // each other, and nobody goes round for ever', at_ns=1)
    write(tmp_path, "later.js", "", at_ns=1)
    page = small_site(tmp_path, changing=False).test_client().get("/").text
    assert [address.split("/", 3)[3] for address in page.split("\n")] == ["a.js", "parts/b.js", "c.js"]


def test_in_the_demo_a_changed_script_makes_a_new_edition_and_an_open_page_keeps_its_own(tmp_path: Path) -> None:
    write(tmp_path, "a.js", "first", at_ns=1)
    fixed, demo = small_site(tmp_path, changing=False), small_site(tmp_path, changing=True)
    old = demo.test_client().get("/").text
    assert fixed.test_client().get("/").text == old
    write(tmp_path, "a.js", "second", at_ns=2)
    new = demo.test_client().get("/").text
    assert new != old
    assert (demo.test_client().get(old).text, demo.test_client().get(new).text) == ("first", "second")
    assert fixed.test_client().get("/").text == old
    assert fixed.test_client().get(old).text == "first"


def test_two_processes_name_the_same_files_alike(tmp_path: Path) -> None:
    write(tmp_path, "a.js", "first", at_ns=1)
    one = static_files.read(tmp_path)
    write(tmp_path, "a.js", "first", at_ns=2)
    assert static_files.read(tmp_path).stamp == one.stamp
