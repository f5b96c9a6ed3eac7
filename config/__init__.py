"""What can be set: the settings with their defaults, and the topics to begin with."""
