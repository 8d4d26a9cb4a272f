"""Nobody reads what others wrote about a candidate before they have submitted themselves."""

from __future__ import annotations

import pytest

SECRET = "Det kollegan hörde och ingen annan får läsa än"


def every_reading(world, person):
    """Return all that the person can read, page by page."""
    paths = [
        "/",
        "/requisitions/",
        world.path,
        f"{world.path}/guides/",
        f"{world.path}/interviews/",
        f"{world.path}/comparison/",
        f"{world.path}/comparison/comparison.json",
        *(world.scorecard(number) for number in range(3)),
        *(f"{world.path}/guides/{v}/guide.json" for v in world.versions),
    ]
    return {path: person.get(path).text for path in paths}


def submit(world, name, number, evidence, score=3):
    answer = world[name].post(
        world.scorecard(number), world.ratings(number, score=score, evidence=evidence)
    )
    assert answer.status_code == 302, answer.text


@pytest.fixture
def told(world):
    world["colleague"].sign_in()
    submit(world, "colleague", 0, SECRET)
    return world


def test_panel_sees_nothing_before_submitting(told):
    readings = every_reading(told, told["interviewer"].sign_in())
    assert [path for path, text in readings.items() if SECRET in text] == []


def test_hiring_manager_on_a_panel_sees_nothing_of_that_candidate(told):
    manager = told["hiring_manager"].sign_in()
    readings = every_reading(told, manager)
    assert [path for path, text in readings.items() if SECRET in text] == []
    assert "Amina Exempel" in manager.get(f"{told.path}/comparison/").text
    assert manager.get(f"{told.path}/comparison/comparison.json").status_code == 404
    assert manager.get(f"{told.path}/comparison/comparison.pdf").status_code == 404


def test_a_draft_is_its_authors_alone(world):
    world["colleague"].sign_in()
    form = world.ratings(0, evidence=SECRET, action="draft")
    assert world["colleague"].post(world.scorecard(0), form).status_code == 302
    for name in ("recruiter", "interviewer", "hiring_manager"):
        readings = every_reading(world, world[name].sign_in())
        assert [path for path, text in readings.items() if SECRET in text] == []


def test_all_panels_of_the_candidate_count(told):
    """Having submitted one round does not open the candidate while another round is open."""
    interviewer = told["interviewer"].sign_in()
    submit(told, "interviewer", 0, "Eget underlag.")
    assert SECRET not in interviewer.get(told.scorecard(0)).text
    submit(told, "interviewer", 1, "Eget underlag.")
    assert SECRET in interviewer.get(told.scorecard(0)).text


def test_recruiter_off_the_panel_sees_what_is_submitted(told):
    recruiter = told["recruiter"].sign_in()
    assert SECRET in recruiter.get(f"{told.path}/comparison/").text


def test_comparison_pdf_holds_no_withheld_candidate(told, tmp_path):
    """Björn may be read by the hiring manager, who is on no panel for him; Amina may not."""
    import subprocess

    submit(told, "colleague", 2, "Om Björn får chefen läsa.")
    answer = told["hiring_manager"].sign_in().get(f"{told.path}/comparison/comparison.pdf")
    assert answer.status_code == 200
    path = tmp_path / "comparison.pdf"
    path.write_bytes(answer.data)
    text = subprocess.run(
        ["pdftotext", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    assert "Björn Fiktiv" in text
    assert "Om Björn får chefen läsa." in " ".join(text.split())
    assert "Det kollegan hörde" not in " ".join(text.split())


def test_cancelled_interviews_withhold_nothing(told):
    recruiter = told["recruiter"].sign_in()
    interviewer = told["interviewer"].sign_in()
    submit(told, "interviewer", 0, "Eget underlag.")
    assert recruiter.post(f"{told.path}/interviews/{told.interviews[1]}/cancel").status_code == 302
    assert SECRET in interviewer.get(told.scorecard(0)).text
