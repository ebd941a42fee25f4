"""What may be said unasked, who is asked for the rest, and what follows from their answer or their silence."""
