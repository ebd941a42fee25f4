"""The ways in, and where somebody is signed in."""
