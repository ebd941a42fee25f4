"""Approved messages: who may say them, who says them, and what follows when one ends."""
