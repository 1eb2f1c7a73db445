"""Gather what a report says about residents from the stored tables."""

import geopandas as gpd
import pandas as pd

from hotspots import crs, respondents, tables
from hotspots.reporting import actions
from hotspots.reporting.public import recorded_change, you_said_we_did
from hotspots.reporting.public.public_figures import PublicFigures
from hotspots.reporting.public.responses import Responses
from hotspots.reporting.public.you_said_we_did import Update
from hotspots.reporting.residents_report import ResidentsReport
from hotspots.residents import areas_of_points, confidence
from hotspots.sources.geography import neighbourhood_teams
from pipelines.settings import Settings
from pipelines.storage.store import Store

AREA_NAMES = ("place_code", "name")


def read_residents_report(store: Store, settings: Settings) -> ResidentsReport:
    """Return the tables about residents, with confidence compared between waves."""
    referrals = tables.conform(store.read("referrals"), tables.REFERRALS)
    facts = store.read_facts("task")
    deciles = pd.DataFrame(facts["deciles"], columns=["imd_decile", "people", "answers", "heard_ratio"])
    return ResidentsReport(
        listening=store.read("listening"),
        referrals=referrals,
        engagement=store.read("engagement"),
        priorities=store.read("priorities"),
        actions=tables.conform(store.read("actions"), tables.ACTIONS),
        confidence=confidence.compare_waves(
            store.read("confidence"), _teams(store, settings), pd.Timestamp(store.as_of)
        ),
        deciles=deciles,
        people_label=facts["people_are"],
        held_back=facts["held_back"],
        answer_within_days=settings.referrals.answer_within_days,
        unknown_answers=sorted(set(store.read("referral_answers")["referral_id"]) - set(referrals["referral_id"])),
    )


def make_updates(store: Store, settings: Settings, public: PublicFigures) -> list[Update]:
    """Make the public updates for teams and parishes; recorded incidents come from the public figures only."""
    places = gpd.GeoDataFrame(store.read("places"))
    concerns = store.read("concerns")
    responses = areas_of_points.with_coordinates(concerns).assign(respondent=respondents.respondents_of(concerns))
    code = areas_of_points.containing_areas(responses, places, "parish")
    names = dict(places.loc[places["kind"] == "parish", ["place_code", "name"]].itertuples(index=False, name=None))
    listening = store.read("listening")
    known = listening[(listening["kind"] == "team") & (listening["incidents"] >= settings.engagement.min_incidents)]
    teams = sorted({*known["name"], *concerns["team_name"].dropna()})
    located = actions.locate_actions(
        tables.conform(store.read("actions"), tables.ACTIONS),
        store.read("hotspots"),
        store.read("patrol_areas"),
        places,
    )
    referrals = tables.conform(store.read("referrals"), tables.REFERRALS)
    quarter = you_said_we_did.last_quarters(store.as_of)[0]
    done = Responses(store.read("visits"), referrals, store.read("priorities"), located, store.as_of, quarter)
    asked = responses.assign(parish=code.map(names))
    return you_said_we_did.make_updates(asked, done, recorded_change.changes(public), teams, settings.updates)


def locate_referrals(residents: ResidentsReport) -> gpd.GeoDataFrame:
    """Return the referrals about a street as points, BNG metres."""
    located = residents.referrals[residents.referrals["easting"].notna()]
    shown = located[["referral_id", "partner", "issue", "concerns", "place", "sent_on", "answer"]]
    return gpd.GeoDataFrame(shown, geometry=gpd.points_from_xy(located["easting"], located["northing"]), crs=crs.BNG)


def _teams(store: Store, settings: Settings) -> pd.Series:
    """Team of each place, by code and by name; a team's own name is its own. What stands for two teams is none's."""
    listening, places = store.read("listening"), store.read("places")
    areas = pd.concat([places, listening[~listening["kind"].isin(["force", "team", "place"])]])
    pairs = [areas[[name, "team_name"]].set_axis(["place", "team_name"], axis="columns") for name in AREA_NAMES]
    known = pd.concat(pairs).dropna()
    known = known.assign(place=confidence.normalise_names(known["place"])).drop_duplicates()
    single = known[~known["place"].duplicated(keep=False)]
    districts = pd.Series(neighbourhood_teams.by_district(settings.teams_on(store.as_of)), dtype="str")
    districts.index = pd.Index(confidence.normalise_names(pd.Series(districts.index, dtype="str")))
    named = listening.loc[listening["kind"] == "team", "name"].drop_duplicates()
    teams = dict(zip(confidence.normalise_names(named), named, strict=True))
    areas_of = dict(zip(single["place"], single["team_name"], strict=True))
    return pd.Series(districts.to_dict() | areas_of | teams, dtype="str")
