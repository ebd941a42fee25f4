"""Photographs: received, kept on the shelf, placed."""
