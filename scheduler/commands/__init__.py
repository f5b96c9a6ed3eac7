"""What the commands of the service do, thin."""
