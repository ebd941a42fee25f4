"""Approving leaflets: sent, passed by content, sent back; what silence means; what may print."""
