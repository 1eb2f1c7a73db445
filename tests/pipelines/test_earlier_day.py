"""An earlier day that is run after a later one gives the bytes of a fresh run, with referrals and public figures."""

from datetime import date
from pathlib import Path

import made_up_files as barset

from pipelines.flows.weekly import weekly
from pipelines.settings import Settings

AUGUST, SEPTEMBER = date(2025, 8, 31), date(2025, 9, 30)


def write_answers(path: Path) -> None:
    """Answers of both months about the work of a partner that needs no council, some of them near one another."""
    rows = ["Answer,Submitted,Worry,Ward,Lon,Lat,How often"]
    for month in ("08", "09"):
        for day in range(1, 16):
            place = f"-1.785{day % 3},51.558{day % 5}"
            rows.append(f"{month}{day},{day:02}/{month}/2025 10:{day},Untaxed vehicle,Ward {day % 3},{place},Weekly")
    path.write_text("\n".join([*rows, ""]), encoding="utf-8")


def test_an_earlier_day_run_after_a_later_one_gives_the_bytes_of_a_fresh_run(
    settings: Settings, raw: Path, tmp_path: Path
) -> None:
    survey = tmp_path / "lets-talk.csv"
    write_answers(survey)
    for file in ("decisions.csv", "actions.csv"):
        (tmp_path / file).write_text(LISTS[file], encoding="utf-8")
    months = [raw / month for month in barset.MONTHS]
    inputs = (*months, raw / "outlines.geojson", survey, *map(tmp_path.joinpath, LISTS))
    weekly(settings, inputs, tmp_path / "fresh", tmp_path / "fresh-reports", AUGUST)
    for day in (SEPTEMBER, AUGUST):
        weekly(settings, inputs, tmp_path / "after", tmp_path / "after-reports", day)
    fresh, after, later = (
        barset.report_of(tmp_path / folder / "barset" / day.isoformat())
        for folder, day in (("fresh-reports", AUGUST), ("after-reports", AUGUST), ("after-reports", SEPTEMBER))
    )
    referred = [name for name in fresh if name.startswith("referrals/")]
    assert referred and any(later.get(name) != fresh[name] for name in referred), "the days refer different answers"
    assert fresh.keys() == after.keys()
    assert [name for name in fresh if fresh[name] != after[name]] == []


LISTS = {
    "decisions.csv": "place,decision,reason,decided_by,until\nOn or near Road 1,exclude,Closed,Inspector,01/01/2027\n",
    "actions.csv": "action_id,place_code,owner,action,started_on,ended_on,outcome\n"
    "A1,Barchester,Council,Lights,01/08/2025,,\nA2,Barchester,Council,Gates,10/09/2025,,\n",
}
