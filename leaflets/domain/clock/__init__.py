"""The election clock: what the law says of an election’s dates, and the plan that is counted back from them."""
