"""Leaflets: election leaflets and freepost addresses, from a tested template to a print-ready PDF."""
