"""Sheets, pictures and proofs; and the order in which the press serves."""
