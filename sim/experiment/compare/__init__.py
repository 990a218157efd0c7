"""Compare policies of one case on the same draws and the same chance, at the same cost.

`question` says what is asked, `candidates` reads what is compared and `doses` what of it may be scaled;
`tasks` and `rounds` make the runs, `equal_cost` finds the doses, `outcomes` reads what came out, `judge` and
`turning` say what it means; `study` puts the parts together.
"""
