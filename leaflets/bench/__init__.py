"""Speed and memory, shown beside a peer's on the same work in the same run: what `make bench` prints."""
