"""The press and proof workers: tickets in, leases, renders, results; the sweeper."""
