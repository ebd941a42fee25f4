"""Orders, proofs, and the queue of the press."""
