"""Proofs and orders."""
