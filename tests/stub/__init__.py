"""One loopback server that plays the platforms strictly (server), breaks the line on purpose (faults), over one made shop (world)."""
