"""Commands of the command line: what each takes and prints, one module for each group of them."""
