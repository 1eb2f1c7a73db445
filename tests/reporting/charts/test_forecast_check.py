from xml.etree import ElementTree

import made_up_report as examples

from hotspots.reporting.charts import forecast_check


def test_bars_are_as_high_as_the_expected_and_observed_counts() -> None:
    ranks = examples.made_calibration()
    ranks = ranks[ranks["family"] == "asb"]
    svg = ElementTree.fromstring(forecast_check.draw_ranks(ranks, "asb"))
    heights = {
        kind: [float(bar.get("height", "0")) for bar in svg.iter("rect") if bar.get("class") == kind][:-1]
        for kind in ("expected", "observed")
    }
    scale = heights["observed"][0] / ranks["observed"].iloc[0]
    for kind in heights:
        assert all(abs(a - scale * b) < 0.2 for a, b in zip(heights[kind], ranks[kind], strict=True))
    assert "ranks 1 to 10: 20.4 expected, 19 observed" in (svg[1].text or "")


def test_only_the_latest_published_list_is_described() -> None:
    accuracy = examples.made_accuracy()
    older = accuracy.assign(as_of=accuracy["as_of"].min() - examples.pd.Timedelta(days=31), hits=1)
    report = examples.report(accuracy=examples.pd.concat([older, accuracy]))
    methods = dict(forecast_check.of_report(report)[0]["methods"]["rows"])
    assert methods["this method"] == ["12", "24", "40"]


def test_without_any_score_the_page_says_so() -> None:
    assert forecast_check.of_report(examples.bare()) == []
    assert "No earlier list has been scored yet" in examples.page(examples.bare())
