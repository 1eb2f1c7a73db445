"""Gather what a report says about residents from the stored tables."""

import geopandas as gpd
import pandas as pd

from hotspots import surveys, tables
from hotspots.reporting import actions
from hotspots.reporting.public import you_said_we_did
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.public.responses import Responses
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.residents import confidence, resident_areas
from hotspots.sources.geography import neighbourhood_teams
from pipelines.settings import Settings
from pipelines.storage.store import Store


def read_residents_report(store: Store, settings: Settings) -> ResidentsReport:
    """Return the tables about residents, with confidence compared between waves."""
    comparison, referrals = store.read("area_comparison"), tables.conform(store.read("referrals"), tables.REFERRALS)
    facts = store.read_facts("task")
    districts = neighbourhood_teams.by_district(settings.teams_on(store.as_of))
    teams = confidence.team_of_places(store.read("places"), comparison, districts)
    return ResidentsReport(
        comparison=comparison,
        referrals=referrals,
        engagement=store.read("engagement"),
        priorities=store.read("priorities"),
        actions=tables.conform(store.read("actions"), tables.ACTIONS),
        confidence=confidence.compare_waves(store.read("confidence"), teams, pd.Timestamp(store.as_of)),
        deciles=pd.DataFrame(facts["deciles"], columns=["imd_decile", "people", "answers", "response_ratio"]),
        population_label=facts["population_unit"],
        held_back=facts["held_back"],
        answer_within_days=settings.referrals.answer_within_days,
        counted=surveys.counted_by(store.read("concerns")),
        unknown_council=facts.get("unknown_council", 0),
        unknown_answers=sorted(set(store.read("referral_answers")["referral_id"]) - set(referrals["referral_id"])),
    )


def make_updates(store: Store, settings: Settings, public: PublicFigures) -> list[Update]:
    """Make the public updates for teams and parishes; recorded incidents come from the public figures only."""
    places, concerns = gpd.GeoDataFrame(store.read("places")), store.read("concerns")
    answers = resident_areas.with_coordinates(concerns).assign(respondent=surveys.respondents_of(concerns))
    answers = answers.assign(parish=resident_areas.parish_names(answers, places))
    located = actions.locate_actions(
        tables.conform(store.read("actions"), tables.ACTIONS),
        store.read("hotspots"),
        store.read("patrol_areas"),
        places,
    )
    referrals = tables.conform(store.read("referrals"), tables.REFERRALS)
    quarter = you_said_we_did.last_quarters(store.as_of)[0]
    responses = Responses(store.read("visits"), referrals, store.read("priorities"), located, store.as_of, quarter)
    teams = you_said_we_did.list_teams(store.read("area_comparison"), concerns, settings.engagement.min_incidents)
    return you_said_we_did.make_updates(answers, responses, public, teams, settings.updates)
