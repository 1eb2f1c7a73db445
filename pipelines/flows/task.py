"""Task: compare residents' concerns with recorded incidents, prepare referrals to partners and suggest engagement."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots import categories, period, respondents
from hotspots.data_health import monthly_checks
from hotspots.residents import area_comparison, areas_of_points, hidden_demand, respondent_counts
from hotspots.residents.area_comparison import SurveyAndRecord
from hotspots.sources.issue_classifier import owners
from hotspots.tasking import engagement, partners, referrals
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage import referral_ledger
from pipelines.storage.store import Store

NAMING_RADIUS_M = 150.0
KINDS = {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code", "ward": "ward", "parish": "parish"}


@dataclass(frozen=True)
class TaskInputs:
    """Concerns with their areas, and the survey, record and population to compare."""

    concerns: pd.DataFrame
    data: SurveyAndRecord
    names: dict[str, str]
    lsoas: pd.DataFrame
    people_are: str

    @property
    def kinds(self) -> dict[str, str]:
        """The kinds of areas that occur in the data, each with its column of codes."""
        frames = (self.data.records, self.data.answers)
        return {kind: column for kind, column in KINDS.items() if any(frame[column].notna().any() for frame in frames)}

    def name_places(self, places: pd.DataFrame) -> pd.DataFrame:
        """Return the places named after the street with most records around them."""
        return hidden_demand.name_places(places, self.data.records, NAMING_RADIUS_M)


@dataclass(frozen=True)
class Referred:
    """All referrals up to the day, and the residents whose concern is held back, by partner."""

    referrals: pd.DataFrame
    held_back: dict[str, int]


@flow("task")
def task(settings: Settings, store: Store) -> Store:
    """Compare concerns with the record, prepare referrals, suggest engagement, and store the tables."""
    inputs = read_inputs(store, settings)
    listening = compare_with_record(inputs, settings)
    referred = refer_concerns(inputs, store, settings)
    suggestions = suggest_engagement(inputs, listening, settings)
    facts = collect_facts(inputs, referred.held_back)
    found = {"listening": listening, "referrals": referred.referrals, "engagement": suggestions}
    return store_tables(store, found, facts)


@step("Read answers, records and population")
def read_inputs(store: Store, settings: Settings) -> TaskInputs:
    """Return the answers and records of the evidence window, with the same kinds of areas."""
    window = period.evidence_window(store.as_of, settings.period.window_months)
    incidents = period.within(store.read_incidents(window), window)
    incidents = incidents[incidents["is_own_force"] & ~incidents["is_police_generated"]]
    left_out = store.read_facts("health")["left_out"]
    for family in categories.FAMILIES:
        incidents = monthly_checks.without_months(incidents, family, left_out)
    records = areas_of_points.with_coordinates(incidents)
    places = gpd.GeoDataFrame(store.read("places"))
    lsoas = store.read("lsoas")
    people, people_are = areas_of_points.locate_population(records, store.read("postcodes"), lsoas)
    concerns = store.read("concerns")
    concerns = concerns[concerns["received_at"] >= pd.Timestamp(window.start)]
    concerns = areas_of_points.fill_missing_areas(concerns, records)
    concerns = areas_of_points.with_coordinates(concerns).assign(respondent=respondents.respondents_of(concerns))
    kinds = areas_of_points.POLYGON_KINDS
    records, people, concerns = (
        table.assign(**{kind: areas_of_points.containing_areas(table, places, kind) for kind in kinds})
        for table in (records, people, concerns)
    )
    of_teams = {team.name: team.districts[0] for team in settings.teams_on(store.as_of) if len(team.districts) == 1}
    concerns = concerns.assign(district_code=areas_of_points.fill_missing_districts(concerns, people, of_teams))
    concerns = concerns.assign(street=areas_of_points.nearest_streets(concerns, records))
    answers = respondent_counts.tabulate_respondents(concerns, (*KINDS.values(), "street"))
    named = places[places["kind"] != "lsoa"]
    names = areas_of_points.name_lsoas(records) | dict(zip(named["place_code"], named["name"], strict=True))
    return TaskInputs(concerns, SurveyAndRecord(answers, records, people), names, lsoas, people_are)


@step("Compare concerns with recorded incidents")
def compare_with_record(inputs: TaskInputs, settings: Settings) -> pd.DataFrame:
    """Return every area and the places with hidden demand, compared with the record."""
    found = hidden_demand.compare_with_record(inputs.data, inputs.kinds, settings.concerns)
    return found.assign(name=found["name"].map(inputs.names).fillna(found["name"]).astype("str"))


@step("Refer concerns to partners")
def refer_concerns(inputs: TaskInputs, store: Store, settings: Settings) -> Referred:
    """Return all referrals up to the day with the partners' answers, and prepare the day's entries in the ledger."""
    referral_ledger.recover(store)
    councils = partners.councils_on(settings.councils, store.as_of)
    concerns = _fill_departments(inputs.concerns)
    concerns = concerns.assign(
        partner=partners.assign_partners(concerns, councils),
        key=referrals.hash_concerns(concerns),
        area=areas_of_points.name_smallest_area(concerns, inputs.names),
    )
    for_partners = referrals.unsent_concerns(concerns, frozenset())
    sent = referral_ledger.concerns_sent(store, frozenset(for_partners["key"]))
    unsent = referrals.unsent_concerns(concerns, sent)
    grouped = referrals.group_concerns(unsent, store.as_of, settings.referrals)
    new = referrals.make_referrals(grouped, store.as_of)
    answers = referrals.latest_answers(referral_ledger.earlier_answers(store), store.read("referral_answers"))
    referral_ledger.prepare(store, grouped.set_index("key")["referral_id"], new, answers)
    every = referrals.sort_referrals(pd.concat([referral_ledger.earlier_referrals(store), new], ignore_index=True))
    return Referred(referrals.attach_answers(every, answers), referrals.count_held_back(grouped).to_dict())


@step("Suggest engagement")
def suggest_engagement(inputs: TaskInputs, listening: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the engagement suggestions."""
    return engagement.suggest_engagement(
        listening, inputs.concerns, inputs.data.records, inputs.name_places, settings.engagement
    )


@step("Collect response rates and numbers held back")
def collect_facts(inputs: TaskInputs, held_back: dict[str, int]) -> dict[str, object]:
    """Return what the pages need besides the tables."""
    deciles = inputs.lsoas.set_index("lsoa_code")["imd_decile"].dropna()
    rates = area_comparison.response_by_deprivation(inputs.data, deciles) if len(deciles) else pd.DataFrame()
    return {"held_back": held_back, "people_are": inputs.people_are, "deciles": rates.to_dict("records")}


@step("Store tasking tables")
def store_tables(store: Store, found: dict[str, pd.DataFrame], facts: dict[str, object]) -> Store:
    """Write the tables and the facts to the store."""
    for name, frame in found.items():
        store.write(name, frame)
    store.write_facts("task", facts)
    return store


def _fill_departments(concerns: pd.DataFrame) -> pd.DataFrame:
    """Return the concerns with missing departments filled from the table of partners."""
    issue = concerns["issue"].astype("str")
    usual = {code: owners.owner_of(str(code)).department for code in issue.unique()}
    return concerns.assign(department=concerns["department"].astype("str").fillna(issue.map(usual)))
