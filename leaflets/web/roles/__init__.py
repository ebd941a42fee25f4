"""Who can do what, and asking for it."""
