"""The tree of an organisation, what is set on it, and the campaigns that hang on it."""
