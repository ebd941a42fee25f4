"""The studio: one leaflet, its pages as the press makes them, and the words beside them.

`page` serves the shell and the state that its script begins with; `words` takes edits and gives news; the other
modules are one feature each. What travels is JSON as `state` and `words` describe it; static/js/studio is its reader.
"""
