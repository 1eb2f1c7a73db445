"""Results on confidence from the file to the report: read, counted, compared, set beside the teams."""

from datetime import date
from pathlib import Path

import made_up_files as barset
import pandas as pd

from hotspots import quality
from pipelines.flows import publish_residents
from pipelines.flows.ingest import ingest
from pipelines.flows.task import task
from pipelines.settings import Settings

RESULTS = """Wave,Area,Question,Percentage,Base
2025/26 Q1,Barchester,Police do a good job,0.71,400
2025/26 Q1,Barchester,Police do a good job,0.71,400
Sept 2025,BARCHESTER,Police do a good job,62 %,410
Dec 2025,Barchester,Police do a good job,50 %,410
2025/26 Q1,barset,Police do a good job,66,4100
2025/26 Q1,Atlantis,Police do a good job,66,410
2025/26 Q1,Barchester,Feel safe after dark,*,9
2025/26 Q1,Barchester,Feel safe after dark,many,9
"""
COUNCILS = "Year\tParish\tStatement\tAgree\tResponses\n2024\tBarset\tWe see our officers\t40%\t31\n"


def test_every_row_of_a_table_of_results_is_used_or_counted(settings: Settings, tmp_path: Path) -> None:
    raw = barset.write_raw(tmp_path / "raw")
    (raw / "results.csv").write_text(RESULTS, encoding="utf-8")
    (raw / "councils.tsv").write_text(COUNCILS, encoding="utf-8")
    store = task(settings, ingest(settings, (raw,), tmp_path / "processed", date(2025, 9, 30)))
    tally = store.read("tally").query("source == 'survey results on confidence'")
    counted = quality.file_totals(tally).set_index("file")[["rows_in", "rows_kept"]]
    assert counted.to_dict("index") == {
        "councils.tsv": {"rows_in": 1, "rows_kept": 1}, "results.csv": {"rows_in": 8, "rows_kept": 4},
    }  # fmt: skip
    reasons = quality.by_reason(tally).set_index("reason")["rows_set_aside"].to_dict()
    assert reasons == {"unreadable": 1, "suppressed": 1, "after_as_of": 1, "repeated_id": 1}
    found = store.read("findings").set_index("kind")["finding"]
    assert found["unknown_area"] == "Survey results on confidence name unknown areas (1): 'Atlantis'."
    compared = publish_residents.read_residents_report(store, settings).confidence
    own = compared[compared["team_name"] == "Barchester"].set_index("wave")
    assert own["share"].to_dict() == {"2025/26 Q1": 0.71, "Sept 2025": 0.62}
    assert own.loc["Sept 2025", "previous_wave"] == "2025/26 Q1" and own.loc["Sept 2025", "is_changed"]
    assert compared.loc[compared["place_code"] == "Atlantis", "team_name"].isna().all()
    assert pd.isna(compared.set_index("wave").loc["2024", "previous_wave"])


def test_actions_and_priorities_about_areas_that_nobody_knows_are_named(settings: Settings, tmp_path: Path) -> None:
    raw = barset.write_raw(tmp_path / "raw")
    (raw / "actions.csv").write_text(
        "action_id,place_code,hotspot_id,owner,action,started_on\n"
        "a1,Barchester,,Sergeant,Stall,2025-09-01\na2,Atlantis,,Sergeant,Stall,2025-09-01\n"
        "a3,,asb-2025-08-0001,Sergeant,Patrols,2025-09-01\n", encoding="utf-8")  # fmt: skip
    (raw / "priorities.csv").write_text(
        "priority_id,team_name,issue,agreed_on,owner,review_on\n"
        "p1,barchester,litter,2025-09-01,Sergeant,2026-01-01\np2,Lyonesse,litter,2025-09-01,Sergeant,2026-01-01\n",
        encoding="utf-8")  # fmt: skip
    store = ingest(settings, (raw,), tmp_path / "processed", date(2025, 9, 30))
    found = store.read("findings").query("kind == 'unknown_area'")["finding"]
    assert sorted(found) == [
        "Actions name unknown areas (1): 'Atlantis'.",
        "Local priorities name unknown areas (1): 'Lyonesse'.",
    ]
