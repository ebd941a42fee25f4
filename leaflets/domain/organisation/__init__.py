"""The tree of an organisation, what is set on it, and who answers whoever asks for a part in it."""
