"""Elections, when postal votes go out, and the plans that are counted from them."""
