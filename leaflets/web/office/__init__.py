"""An office: its boards, places, settings, elections, record."""
