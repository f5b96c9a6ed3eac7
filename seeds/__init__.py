"""Seed documents with the JSON that each must yield, and the newsroom: a small Tribunnews on this machine."""
