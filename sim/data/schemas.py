"""One schema per table in ``data/``: columns, keys, ranges, and what each column means."""

from typing import Final

import dataframely as dy

AGE_BANDS: Final = (
    (16, 17),
    (18, 19),
    (20, 24),
    (25, 29),
    (30, 34),
    (35, 39),
    (40, 44),
    (45, 49),
    (50, 54),
    (55, 59),
    (60, 64),
    (65, 66),
    (67, 74),
)
"""Age bands of the population table, both ends included."""

_MUNICIPALITY = "Municipality code, four digits"
_AREA = "Municipality code; two digits are a county, 0000 the country"
_MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def _municipality(description: str = _MUNICIPALITY, primary_key: bool = True) -> dy.String:
    return dy.String(primary_key=primary_key, regex=r"^\d{4}$", description=description)


def _area() -> dy.String:
    return dy.String(primary_key=True, regex=r"^(\d{4}|\d{2})$", description=_AREA)


def _month() -> dy.String:
    return dy.String(primary_key=True, regex=_MONTH, description="Calendar month, YYYY-MM")


def _year() -> dy.Int64:
    return dy.Int64(primary_key=True, min=1960, max=2100, description="Calendar year")


def _sex() -> dy.String:
    return dy.String(primary_key=True, regex="^(men|women)$", description="Sex: men or women")


def _count(description: str, nullable: bool = False) -> dy.Int64:
    return dy.Int64(nullable=nullable, min=0, description=description)


def _percent(description: str, nullable: bool = False) -> dy.Float64:
    return dy.Float64(nullable=nullable, min=0, max=100, description=description)


def _share(description: str) -> dy.Float64:
    return dy.Float64(min=0, max=1, description=description)


class Municipalities(dy.Schema):
    """The register: the only table that holds the municipalities' names."""

    code = _municipality()
    name = dy.String(unique=True, description="Name, Swedish spelling")
    county_code = dy.String(regex=r"^\d{2}$", description="County code, two digits")


class Counties(dy.Schema):
    """The counties' names."""

    county_code = dy.String(primary_key=True, regex=r"^\d{2}$", description="County code, two digits")
    county = dy.String(unique=True, description="Name, Swedish spelling")


class SkrGroups(dy.Schema):
    """Names of the municipality groups."""

    group_code = dy.String(primary_key=True, regex=r"^[A-C]\d$", description="Group code")
    group = dy.String(unique=True, description="Group name, Swedish")


class SkrMembership(dy.Schema):
    """The group of each municipality."""

    code = _municipality()
    group_code = dy.String(regex=r"^[A-C]\d$", description="Group code")


class LabourMarketAreas(dy.Schema):
    """Names of the functional labour-market regions."""

    area_code = dy.String(primary_key=True, regex=r"^\d{2}$", description="FA region, two digits")
    area = dy.String(unique=True, description="Name, Swedish")


class LabourMarketMembership(dy.Schema):
    """The labour-market region of each municipality."""

    code = _municipality()
    area_code = dy.String(regex=r"^\d{2}$", description="FA region, two digits")


class Neighbours(dy.Schema):
    """Pairs of municipalities that share a border, each pair once."""

    code = _municipality()
    neighbour_code = _municipality("The other municipality; its code is the larger")
    shared_border_km = dy.Float64(min=0, description="Approximate length of the shared border, km")


class Peers(dy.Schema):
    """Official peers of the case municipalities."""

    code = _municipality()
    kind = dy.String(primary_key=True, description="What the likeness is about")
    year = _year()
    group_id = dy.String(description="Identity of the group at Kolada")
    peer_code = _municipality("Municipality code of the peer")


class Population(dy.Schema):
    """Residents by age band and sex; ages as columns."""

    code = _municipality()
    month = _month()
    sex = _sex()
    age_16_17 = _count("Residents aged 16-17")
    age_18_19 = _count("Residents aged 18-19")
    age_20_24 = _count("Residents aged 20-24")
    age_25_29 = _count("Residents aged 25-29")
    age_30_34 = _count("Residents aged 30-34")
    age_35_39 = _count("Residents aged 35-39")
    age_40_44 = _count("Residents aged 40-44")
    age_45_49 = _count("Residents aged 45-49")
    age_50_54 = _count("Residents aged 50-54")
    age_55_59 = _count("Residents aged 55-59")
    age_60_64 = _count("Residents aged 60-64")
    age_65_66 = _count("Residents aged 65-66")
    age_67_74 = _count("Residents aged 67-74")


class PopulationTotals(dy.Schema):
    """Residents of all ages at the same dates as the age table."""

    code = _municipality()
    month = _month()
    persons = _count("Residents of all ages")
    persons_18_plus = _count("Residents aged 18 or older")


class PopulationDecember(dy.Schema):
    """Residents at the end of each year."""

    code = _municipality()
    year = _year()
    persons = _count("Residents on 31 December")


class Education(dy.Schema):
    """Residents aged 16-74 by sex and highest completed education; levels as columns."""

    code = _municipality()
    year = _year()
    sex = _sex()
    presecondary_under_9_years = _count("Compulsory school, under nine years (empty: not published)", True)
    presecondary_9_years = _count("Compulsory school, nine (ten) years")
    upper_secondary_up_to_2_years = _count("Upper secondary school, at most two years")
    upper_secondary_3_years = _count("Upper secondary school, three years")
    postsecondary_under_3_years = _count("Post-secondary education, under three years")
    postsecondary_3_years_or_more = _count("Post-secondary education, three years or more")
    research_degree = _count("Postgraduate education")


class EducationShares(dy.Schema):
    """Education of residents aged 16-74 as shares, for more years."""

    code = _municipality()
    year = _year()
    presecondary = _share("At most compulsory school")
    upper_secondary = _share("Upper secondary school")
    postsecondary = _share("Post-secondary education")


class AfStock(dy.Schema):
    """Registered unemployed at the end of each month."""

    code = _area()
    month = _month()
    persons = _count("Openly unemployed and in programmes with activity support, age 16-64")


class Stativ(dy.Schema):
    """Openly unemployed on any day of the year."""

    code = _municipality()
    year = _year()
    percent = _percent("Of residents aged 20-64")


class BasUnemployed(dy.Schema):
    """Unemployed by the population labour-market statistics; ages and published totals as columns."""

    code = _municipality()
    month = _month()
    sex = _sex()
    age_16_19 = _count("Unemployed aged 16-19")
    age_20_24 = _count("Unemployed aged 20-24")
    age_25_29 = _count("Unemployed aged 25-29")
    age_30_34 = _count("Unemployed aged 30-34")
    age_35_39 = _count("Unemployed aged 35-39")
    age_40_44 = _count("Unemployed aged 40-44")
    age_45_49 = _count("Unemployed aged 45-49")
    age_50_54 = _count("Unemployed aged 50-54")
    age_55_59 = _count("Unemployed aged 55-59")
    age_60_64 = _count("Unemployed aged 60-64")
    total_16_64 = _count("Published total, age 16-64 (not the exact sum: cells are perturbed)")
    total_16_65 = _count("Published total, age 16-65")
    total_20_64 = _count("Published total, age 20-64")
    total_20_65 = _count("Published total, age 20-65")


class AssistanceHouseholds(dy.Schema):
    """Households paid social assistance in the month, preliminary, by origin."""

    code = _municipality("Municipality code; 0000 is the country")
    month = _month()
    swedish_born = _count("Households of people born in Sweden (empty: not published)", True)
    foreign_born = _count("Households with someone born abroad (empty: not published)", True)


class MunicipalTax(dy.Schema):
    """Municipal income tax, the region's part excluded."""

    code = _municipality()
    year = _year()
    percent = _percent("SEK per 100 SEK of taxable income")


class StockholmPanel(dy.Schema):
    """Unemployment and the cost of assistance in the same years, Stockholm county."""

    code = _municipality()
    year = _year()
    assistance_paid_sek_per_inhabitant = dy.Float64(
        nullable=True, min=0, description="Social assistance paid in the year, SEK per inhabitant"
    )
    assistance_longterm_adults_percent = _percent("Adults with 10 months or more, of adult residents", True)
    unemployed_or_programme_percent_16_64 = _percent("Openly unemployed or in programmes, of 16-64", True)
    employed_percent_20_64 = _percent("Employed, of residents aged 20-64", True)
    longterm_unemployed_percent_16_24 = _percent("Long-term unemployed, of residents aged 16-24", True)
    neet_percent_17_24 = _percent("Neither in work nor in studies, of residents aged 17-24", True)
    foreign_born_percent = _percent("Born abroad, of residents", True)


class NationalSeries(dy.Schema):
    """Labour force survey and gross domestic product of the country."""

    indicator = dy.String(primary_key=True, description="Indicator; see the table indicators")
    period = dy.String(
        primary_key=True, regex=r"^\d{4}(-Q[1-4])?$", description="Year, or quarter as YYYY-Qn"
    )
    value = dy.Float64(min=0, description="Value in the indicator's unit")


class Facts(dy.Schema):
    """Figures that exist for some places and dates only, each with its own source."""

    code = _area()
    indicator = dy.String(primary_key=True, description="Indicator; see the table indicators")
    period = dy.String(
        primary_key=True,
        regex=r"^\d{4}(-(0[1-9]|1[0-2])(/\d{4}-(0[1-9]|1[0-2]))?)?$",
        description="Year, month, or first and last month with a slash between",
    )
    value = dy.Float64(min=0, description="Value in the indicator's unit")
    source = dy.String(description="Where the figure was read; see the table sources")
    confidence = dy.String(regex="^(high|medium|low)$", description="high, medium or low")
    note = dy.String(nullable=True, description="Arithmetic or doubt that belongs to this figure")


class Indicators(dy.Schema):
    """Publisher, unit and definition of each indicator in facts and national series."""

    indicator = dy.String(primary_key=True, description="Name used in the tables")
    publisher = dy.String(description="The authority")
    unit = dy.String(description="Unit of the value")
    definition = dy.String(description="What is counted")


class Sources(dy.Schema):
    """Where the figures of the table facts were read."""

    source = dy.String(primary_key=True, description="Short name used in facts")
    publisher = dy.String(description="The authority whose figure it is")
    address = dy.String(description="Address, or a description where no single page holds it")


SCHEMAS: Final[dict[str, type[dy.Schema]]] = {
    "municipalities": Municipalities,
    "counties": Counties,
    "skr_groups": SkrGroups,
    "skr_membership": SkrMembership,
    "labour_market_areas": LabourMarketAreas,
    "labour_market_membership": LabourMarketMembership,
    "neighbours": Neighbours,
    "peers": Peers,
    "population": Population,
    "population_totals": PopulationTotals,
    "population_december": PopulationDecember,
    "education": Education,
    "education_shares": EducationShares,
    "af_stock": AfStock,
    "stativ": Stativ,
    "bas_unemployed": BasUnemployed,
    "assistance_households": AssistanceHouseholds,
    "municipal_tax": MunicipalTax,
    "stockholm_panel": StockholmPanel,
    "national_series": NationalSeries,
    "facts": Facts,
    "indicators": Indicators,
    "sources": Sources,
}
"""Schema of each table, in the order in which the dictionary presents them."""
