"""Plans, pictures of time, calendars."""
