"""Peers of the program: the same week in other formulations and solvers."""
