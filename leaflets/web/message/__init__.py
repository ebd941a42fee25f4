"""The library of approved messages."""
