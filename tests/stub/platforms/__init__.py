"""One module a platform: what it answers out of the shared world, and what it refuses."""
