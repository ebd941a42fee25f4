"""A missing or bad setting stops the start with one clear line."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from leaflets.config import Config
from leaflets.domain.errors import Invalid


@pytest.fixture
def complete(tmp_path: Path) -> dict[str, str]:
    return {
        "LEAFLETS_SECRET_KEY": "k" * 64,
        "LEAFLETS_DATABASE_URL": "postgresql://leaflets@db.internal/leaflets",
        "LEAFLETS_REDIS_URL": "redis://redis.internal:6379/0",
        "LEAFLETS_BASE_URL": "https://leaflets.example.org/",
        "LEAFLETS_DATA": str(tmp_path / "data"),
    }


def test_a_complete_environment_is_read_as_it_stands(complete: dict[str, str]) -> None:
    config = Config.from_env(complete)
    assert config.database_url == "postgresql+psycopg://leaflets@db.internal/leaflets"
    assert config.base_url == "https://leaflets.example.org"
    assert config.data_folder.is_dir()
    assert not config.demo
    assert (config.upload_mb, config.upload_megapixels) == (60, 120)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "BASE_URL"])
def test_outside_the_demo_nothing_is_guessed(complete: dict[str, str], name: str) -> None:
    del complete[f"LEAFLETS_{name}"]
    with pytest.raises(Invalid, match=f"^LEAFLETS_{name} is not set") as caught:
        Config.from_env(complete)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("DATABASE_URL", "mysql://db/leaflets"),
        ("DATABASE_URL", "leaflets.db"),
        ("REDIS_URL", "http://redis"),
        ("BASE_URL", "leaflets.example.org"),
        ("DATA", "/proc/nobody/may/write/here"),
        ("LIBRARY", "/no/such/folder"),
        ("DEMO", "perhaps"),
        ("PROXIES", "-1"),
        ("SMTP_URL", "mail.example.org"),
        ("MAIL_FROM", "us"),
        ("UPLOAD_MB", "-1"),
        ("UPLOAD_MEGAPIXELS", "many"),
        ("RENDER_SECONDS", "999999"),
        ("RENDER_MEMORY_MB", "١٠٢٤"),
    ],
)
def test_a_bad_setting_is_named_with_a_remedy(complete: dict[str, str], name: str, value: str) -> None:
    with pytest.raises(Invalid, match=f"^LEAFLETS_{name} ") as caught:
        Config.from_env({**complete, f"LEAFLETS_{name}": value})
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_the_demo_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    env = {"LEAFLETS_DEMO": "1", "LEAFLETS_DATA": str(tmp_path)}
    with ThreadPoolExecutor(4) as together:
        keys = {config.secret_key for config in together.map(Config.from_env, [env] * 4)}
    keys.add(Config.from_env(env).secret_key)
    assert len(keys) == 1
    assert len(keys.pop()) == 64
    assert [file.name for file in tmp_path.iterdir()] == ["secret-key"]
    assert (tmp_path / "secret-key").stat().st_mode & 0o077 == 0
    assert Config.from_env(env).database_url == f"sqlite:///{tmp_path / 'leaflets.db'}"
