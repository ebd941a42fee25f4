"""Words in the zones of a leaflet: tidied, judged, compared, undone."""
