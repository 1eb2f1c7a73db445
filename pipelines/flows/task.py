"""Task: compare residents' concerns with recorded incidents, prepare referrals to partners and suggest engagement."""

from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from hotspots import categories, period
from hotspots.data_health import monthly_checks
from hotspots.residents import area_comparison, hidden_demand, resident_areas, resident_data
from hotspots.residents.resident_data import ResidentData
from hotspots.sources.issue_classifier import owners
from hotspots.tasking import engagement, partners, referrals
from pipelines.engine import flow, step
from pipelines.settings import Settings
from pipelines.storage import referral_ledger
from pipelines.storage.store import Store


@dataclass(frozen=True)
class Referred:
    """All referrals up to the day, residents whose concern is held back by partner, and reports without a council."""

    referrals: pd.DataFrame
    held_back: dict[str, int]
    unknown_council: int


@flow("task")
def task(settings: Settings, store: Store) -> Store:
    """Compare concerns with the record, prepare referrals, suggest engagement, and store the tables."""
    residents = gather_residents(store, settings)
    comparison = compare_with_record(residents, settings)
    referred = refer_concerns(residents, store, settings)
    suggestions = suggest_engagement(residents, comparison, settings)
    facts = collect_facts(residents, referred, store)
    found = {"area_comparison": comparison, "referrals": referred.referrals, "engagement": suggestions}
    return store_tables(store, found, facts)


@step("Gather answers, records and population")
def gather_residents(store: Store, settings: Settings) -> ResidentData:
    """Return concerns, incidents and population of the evidence window, with the same kinds of areas."""
    window = period.evidence_window(store.as_of, settings.period.window_months)
    incidents = period.within(store.read_incidents(window), window)
    incidents = incidents[incidents["is_own_force"] & ~incidents["is_police_generated"]]
    concerns = store.read("concerns")
    return resident_data.assign_areas(
        concerns[concerns["received_at"] >= pd.Timestamp(window.start)],
        monthly_checks.without_left_out(incidents, store.read_facts("health")["left_out"]),
        gpd.GeoDataFrame(store.read("places")),
        postcodes=store.read("postcodes"),
        lsoas=store.read("lsoas"),
        team_districts=settings.district_of_teams(store.as_of),
    )


@step("Compare concerns with recorded incidents")
def compare_with_record(residents: ResidentData, settings: Settings) -> pd.DataFrame:
    """Return every area and the places with hidden demand, compared with the record."""
    found = hidden_demand.compare_with_record(residents.compared, residents.area_columns, settings.concerns)
    return found.assign(name=found["name"].map(residents.area_names).fillna(found["name"]).astype("str"))


@step("Refer concerns to partners")
def refer_concerns(residents: ResidentData, store: Store, settings: Settings) -> Referred:
    """Return all referrals up to the day with the partners' answers, and prepare the day's entries in the ledger."""
    referral_ledger.recover(store)
    departments = {issue: owners.owner_of(issue).department for issue in categories.ISSUES}
    concerns = owners.settle_tiers(referrals.fill_departments(residents.concerns, departments))
    concerns = concerns.assign(
        partner=partners.assign_partners(concerns, partners.councils_on(settings.councils, store.as_of)),
        key=referrals.hash_concerns(concerns),
        area=resident_areas.name_smallest_area(concerns, residents.area_names),
    )
    unsent = referrals.unsent_concerns(concerns, referral_ledger.concerns_sent(store))
    grouped = referrals.group_concerns(unsent, store.as_of, settings.referrals)
    new = referrals.make_referrals(grouped, store.as_of)
    answers = referrals.latest_answers(referral_ledger.earlier_answers(store), store.read("referral_answers"))
    referral_ledger.prepare(store, grouped.set_index("key")["referral_id"], new, answers)
    every = referrals.sort_referrals(pd.concat([referral_ledger.earlier_referrals(store), new], ignore_index=True))
    unknown = int((concerns["partner"] == partners.UNKNOWN_COUNCIL).sum())
    return Referred(referrals.attach_answers(every, answers), referrals.count_held_back(grouped).to_dict(), unknown)


@step("Suggest engagement")
def suggest_engagement(residents: ResidentData, comparison: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Return the engagement suggestions."""
    return engagement.suggest_engagement(
        comparison, residents.concerns, residents.compared.records, residents.name_places, settings.engagement
    )


@step("Collect response rates and numbers held back")
def collect_facts(residents: ResidentData, referred: Referred, store: Store) -> dict[str, object]:
    """Return what the pages need besides the tables."""
    deciles = store.read("lsoas").set_index("lsoa_code")["imd_decile"].dropna()
    rates = area_comparison.response_by_deprivation(residents.compared, deciles) if len(deciles) else pd.DataFrame()
    return {
        "held_back": referred.held_back,
        "unknown_council": referred.unknown_council,
        "population_unit": residents.population_unit,
        "deciles": rates.to_dict("records"),
    }


@step("Store tasking tables")
def store_tables(store: Store, found: dict[str, pd.DataFrame], facts: dict[str, object]) -> Store:
    """Write the tables and the facts to the store."""
    for name, frame in found.items():
        store.write(name, frame)
    store.write_facts("task", facts)
    return store
