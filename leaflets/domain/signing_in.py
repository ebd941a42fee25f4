"""The ways in, and how a browser is called by people who look for theirs in a list."""

from __future__ import annotations

from enum import StrEnum


class Way(StrEnum):
    """How somebody came in. The value is stored."""

    LINK = "link"
    PASSKEY = "passkey"
    PROVIDER = "provider"
    DEMO = "demo"

    @property
    def label(self) -> str:
        """How it reads after "signed in"."""
        return _LABELS[self]


_LABELS = {
    Way.LINK: "with a link",
    Way.PASSKEY: "with a passkey",
    Way.PROVIDER: "through an organisation",
    Way.DEMO: "in the demonstration",
}

# What a User-Agent field (RFC 9110 section 10.1.5) holds, and what people call it. The first that is found is it:
# nearly every browser also names the ones that it descends from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("HeadlessChrome/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "a Chromebook"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)


def device_in_words(user_agent: str) -> str:
    """What people call the browser that sent this: "Firefox on Android"; "a browser" where it does not say."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser or 'A browser'} on {system}" if system else browser or "A browser"
