"""The agent-based labour market: residents, households and institutions, month by month. Opens no file.

Purpose:
    Compare a municipality with a reform and the same municipality without it, for 3 to 8 years: people in
    work, people registered as unemployed, households on social assistance, and what each payer pays. It
    answers "what differs, and how sure is that", not "what will happen": the level of the future is common
    to both worlds and cancels.

Patterns:
    A run without a policy is judged by how well it shows, together and each by its official definition: the
    level, the openly unemployed share and the detrended season of the AF stock; the share openly unemployed
    at any time of a year (Stativ); an exit rate to work that falls with the months registered; households
    on assistance in a month and in a year, and the months each is paid; job starts and the inflow to AF.
    Which of them were looked at while parameters were set (targets) and which were not (predictions) is
    printed in every report.

Time and place:
    A step is a calendar month; a run is a burn-in of some years and then the horizon of the case. The place
    is one municipality, or several that share a labour market through ties of commuting; every resident
    aged 16-64 is one for one. Jobs are found in cells of municipality x field of work x skill tier. Rules
    and prices are those of the start throughout. Money is in whole öre.

Basic principles:
    Job search and matching with a stock of vacancies; duration dependence and lock-in in search; a means
    test by household over all incomes; queues for scarce coaches, decisions and places; and book-keeping in
    which every payment has a payer and a payee.

Emergence:
    Displacement, waiting times, spell durations, the size of the AF stock, who is on assistance for how
    long and what each party pays follow from the rules. Displacement is not assumed: a person who searches
    more takes a vacancy that another could have had, and more filled vacancies bring new ones only in part.

Adaptation and objectives:
    People do not optimise. Search effort follows declared rules of duration, activity and contact;
    institutions serve queues up to their capacity.

Learning and prediction:
    Nobody learns from experience, other than through Swedish and completed activities. People look ahead in
    one thing: those with good prospects search more before a promised activity.

Sensing:
    Residents know their own state and their household; institutions know the state of their cases, the
    vacancies of their own cells and the channels of the policy. A resident meets others only through sums
    settled before the pass over residents.

Interaction:
    Through vacancies (seekers of a cell compete, over municipal borders too), capacity (coaches, activities,
    places, cohorts of job tracks) and the household (a partner's income of the month before). Not through
    imitation or networks.

Stochasticity:
    Every random decision has one uniform number that depends on root seed, replication, decision, month and
    permanent id, and on nothing else. Both worlds of a pair therefore meet the same chance, and differ only
    where the policy reaches; a policy that changes no channel changes nothing at all. Order of service is
    such a decision too.

Collectives:
    Households of one or two adults with children are linked and share one means test. Report groups and
    policy segments are labels, not agents.

Observation:
    The model counts itself each month by sex and group in whole persons and households, and reads itself
    through each official definition, so that like is compared with like. Effects are differences within
    pairs.

Left out:
    Municipalities beyond those of the case, distances inside one, wage bargaining, births of households
    (couples neither form nor part), changes of rules and prices after the start, and what people do beyond
    work, studies and support.
"""
