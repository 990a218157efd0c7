"""Answer at once, from a few pairs of small towns, and then better and better, while a user moves levers."""
