"""Verbs. Each owns one transaction, takes the actor and now, and writes the audit row with the change.

Every function takes the session first. `actor` is the person who does it, `now` an aware datetime. What is returned
stays readable after the commit. `tickets` wakes a worker after the commit and never fails.
"""
