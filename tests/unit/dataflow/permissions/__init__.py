"""The role's policy, read, projected and asked; no store."""
