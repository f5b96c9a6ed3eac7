"""What each command does, thin: read the options, call the room that knows, print."""
