"""The door, and somebody’s own page."""
