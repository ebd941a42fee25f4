"""A leaflet’s words: saved, undone, compared, copied, judged."""
