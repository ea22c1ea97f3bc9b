"""Outside world -> packages. The only room that reads files and calls platforms."""
