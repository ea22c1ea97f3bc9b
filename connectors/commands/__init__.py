"""What the command line can do, by what it is about. Puts rooms together like the program that calls it."""

DONE, NOTHING, DOUBTS = 0, 1, 3
