"""Rules of the model: small scalar functions in the field's words, one file and one kernel per process."""
