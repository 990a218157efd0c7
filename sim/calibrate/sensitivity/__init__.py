"""How much of the uncertainty about a reform's effects rests on which assumption.

Morris screening on the real model (`screening`) picks the parameters that matter to an effect; an emulator
(`emulator`) is fitted to a design over all of them; Sobol indices on the emulator (`indices`) and what chance
leaves open (`shares`) divide the variance of the effect, by parameter and by grade of evidence. `study` puts
the parts together; `space`, `designs` and `runs` say what is run; `files` keeps the tables.
"""
