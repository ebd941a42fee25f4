"""The press queue of a general election, played through with the queue's own policy and with others."""
