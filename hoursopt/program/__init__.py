"""The integer program in PuLP: patterns, variables, one function per constraint family, solve, check."""
