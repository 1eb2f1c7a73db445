"""Task: what residents say beside the record, what is passed on to partners, and where to listen next."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots import categories, period, respondents, tables
from hotspots.data_health import monthly_checks
from hotspots.residents import areas_of_points, hidden_demand, respondent_counts
from hotspots.residents.hidden_demand import Voices
from hotspots.sources.issue_classifier import owners
from hotspots.tasking import engagement, partners
from hotspots.tasking import referrals as referral_tables
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage import referral_ledger
from pipelines.storage.store import Store

NAMED_M = 150.0
KINDS = {"team": "team_name", "beat": "beat_code", "lsoa": "lsoa_code", "ward": "ward", "parish": "parish"}


@dataclass(frozen=True)
class Gathered:
    """What a day knows: concerns with their areas, and the three that are set side by side."""

    concerns: pd.DataFrame
    voices: Voices
    names: dict[str, str]
    lsoas: pd.DataFrame
    people_are: str

    @property
    def kinds(self) -> dict[str, str]:
        """Kinds of areas that are known, each with the column of its code."""
        told = (self.voices.records, self.voices.answers)
        return {kind: name for kind, name in KINDS.items() if any(table[name].notna().any() for table in told)}

    def name_places(self, places: pd.DataFrame) -> pd.DataFrame:
        """Places named by the street where most is recorded about them."""
        return hidden_demand.name_places(places, self.voices.records, NAMED_M)


@dataclass(frozen=True)
class PassedOn:
    """Referrals up to the day, and by partner the residents whose concern is held back."""

    referrals: pd.DataFrame
    held_back: dict[str, int]


@flow("task")
def task(settings: Settings, store: Store) -> Store:
    """Set answers beside the record, refer what is for partners, suggest where to listen, and store it all."""
    gathered = gather(store, settings)
    beside = set_beside(gathered, settings)
    passed_on = refer(gathered, store, settings)
    suggestions = suggest(gathered, beside, settings)
    facts = note(gathered, passed_on.held_back)
    found = {"listening": beside, "referrals": passed_on.referrals, "engagement": suggestions}
    return store_tables(store, found, facts)


@step("Gather answers, records and people")
def gather(store: Store, settings: Settings) -> Gathered:
    """Answers and records of the evidence window, with the same kinds of areas."""
    window = period.evidence_window(store.as_of, settings.period.window_months)
    incidents = period.within(store.read_incidents(window), window)
    incidents = incidents[incidents["is_own_force"] & ~incidents["is_police_generated"]]
    left_out = store.read_facts("health")["left_out"]
    for family in categories.FAMILIES:
        incidents = monthly_checks.without_months(incidents, family, left_out)
    records = areas_of_points.records_of(incidents)
    places = gpd.GeoDataFrame(store.read("places"))
    lsoas = store.read("lsoas")
    people, people_are = areas_of_points.people_of(records, store.read("postcodes"), lsoas)
    concerns = store.read("concerns")
    concerns = areas_of_points.fill_areas(concerns[concerns["received_at"] >= pd.Timestamp(window.start)], records)
    concerns = areas_of_points.records_of(concerns).assign(respondent=respondents.respondents_of(concerns))
    records, people, concerns = (
        table.assign(**{kind: areas_of_points.in_polygons(table, places, kind) for kind in areas_of_points.POLYGONS})
        for table in (records, people, concerns)
    )
    of_teams = {team.name: team.districts[0] for team in settings.teams_on(store.as_of) if len(team.districts) == 1}
    concerns = concerns.assign(district_code=areas_of_points.fill_districts(concerns, people, of_teams))
    concerns = concerns.assign(street=areas_of_points.streets_of(concerns, records))
    said = respondent_counts.answers_of(concerns, (*KINDS.values(), "street"))
    named = places[places["kind"] != "lsoa"]
    names = areas_of_points.name_lsoas(records) | dict(zip(named["place_code"], named["name"], strict=True))
    return Gathered(concerns, Voices(said, records, people), names, lsoas, people_are)


@step("Set answers beside the record")
def set_beside(gathered: Gathered, settings: Settings) -> pd.DataFrame:
    """Every area and the places where demand is hidden, beside the record."""
    found = hidden_demand.set_beside(gathered.voices, gathered.kinds, settings.concerns)
    return found.assign(name=found["name"].map(gathered.names).fillna(found["name"]).astype("str"))


@step("Refer concerns to partners")
def refer(gathered: Gathered, store: Store, settings: Settings) -> PassedOn:
    """All referrals up to the day with what partners answered; what the ledger is to hold of the day is kept, too."""
    referral_ledger.recover(store)
    councils = partners.known_councils(settings.councils, store.as_of)
    concerns = _with_tiers(gathered.concerns)
    concerns = concerns.assign(
        partner=partners.partner_of(concerns, councils),
        key=referral_tables.key_of(concerns),
        area=areas_of_points.finest_area(concerns, gathered.names),
    )
    waiting = referral_tables.passed_on(concerns, frozenset())
    sent = referral_ledger.concerns_sent(store, frozenset(waiting["key"]))
    fresh = referral_tables.passed_on(concerns, sent)
    grouped = referral_tables.group(fresh, store.as_of, settings.referrals)
    own = referral_tables.refer(grouped, store.as_of)
    told = _latest(referral_ledger.earlier_answers(store), store.read("referral_answers"))
    referral_ledger.prepare(store, grouped.set_index("key")["referral_id"], own, told)
    every = referral_tables.order(pd.concat([referral_ledger.earlier_referrals(store), own], ignore_index=True))
    return PassedOn(referral_tables.with_answers(every, told), referral_tables.held_back(grouped).to_dict())


@step("Suggest where to listen next")
def suggest(gathered: Gathered, beside: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Where to listen next."""
    return engagement.suggest(
        beside, gathered.concerns, gathered.voices.records, gathered.name_places, settings.engagement
    )


@step("Note who is not heard")
def note(gathered: Gathered, held_back: dict[str, int]) -> dict[str, object]:
    """What the pages say besides the tables."""
    deciles = gathered.lsoas.set_index("lsoa_code")["imd_decile"].dropna()
    heard = hidden_demand.unheard_deciles(gathered.voices, deciles) if len(deciles) else pd.DataFrame()
    return {"held_back": held_back, "people_are": gathered.people_are, "deciles": heard.to_dict("records")}


@step("Store what is to be done")
def store_tables(store: Store, found: dict[str, pd.DataFrame], facts: dict[str, object]) -> Store:
    """The tables stored, and what goes with them."""
    for name, frame in found.items():
        store.write(name, frame)
    store.write_facts("task", facts)
    return store


def _with_tiers(concerns: pd.DataFrame) -> pd.DataFrame:
    """Concerns with department and tier, by the table of partners where the survey's reader did not tell."""
    usual = {issue: owners.owner_of(str(issue)) for issue in concerns["issue"].astype("str").unique()}
    issue = concerns["issue"].astype("str")
    return concerns.assign(
        department=concerns["department"].astype("str").fillna(issue.map({k: v.department for k, v in usual.items()})),
    )


def _latest(earlier: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Answers of both, those of the day before older ones."""
    both = pd.concat([earlier, now], ignore_index=True).drop_duplicates("referral_id", keep="last")
    return tables.conform(both.sort_values("referral_id", ignore_index=True), tables.REFERRAL_ANSWERS)
