"""Every page, as readers meet it."""

from __future__ import annotations


def test_weight(visits, page_name):
    visit = visits[page_name]
    assert visit.weight <= visit.limit, f"{visit.weight / 1000:.0f} kB gzip"


def test_asks_nothing_of_other_hosts(visits, page_name):
    assert visits[page_name].other_hosts == []


def test_console_is_quiet(visits, page_name):
    assert visits[page_name].console == []


def test_axe_finds_nothing_in_light(visits, page_name):
    assert visits[page_name].axe["light"] == []


def test_axe_finds_nothing_in_dark(visits, page_name):
    assert visits[page_name].axe["dark"] == []


def test_axe_finds_nothing_on_a_phone(visits, page_name):
    assert visits[page_name].axe["phone"] == []


def test_fits_a_phone(visits, page_name):
    assert visits[page_name].overflow <= 0


def test_every_control_moves_its_picture_by_keyboard(visits, page_name):
    assert visits[page_name].dead == []


def test_the_book_has_an_interactive(visits):
    assert any(visit.controls for visit in visits.values())
