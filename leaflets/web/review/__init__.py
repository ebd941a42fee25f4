"""What reviewers and candidates see of an approval."""
