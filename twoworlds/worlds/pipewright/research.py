"""Contacts, survey answers and interviews at Pipewright's accounts."""

from twoworlds.worlds.blocks import only_in_first
from twoworlds.worlds.pipewright.contacts import make_contacts, make_frame
from twoworlds.worlds.pipewright.research_answers import make_answers, surveys
from twoworlds.worlds.pipewright.research_interviews import make_interviews
from twoworlds.worlds.pipewright.research_parameters import PERSONAS

_WAVES = ("september", "december")


def make_research(parameters, streams, scale, parts):
    """All rows of some blocks. parts: what these hold already (see world.py). Returns (tables, oracle)."""
    frame = make_frame(parameters, parts["accounts"], parts["lives"])
    contacts, people = make_contacts(parameters, streams, frame, parts["members"])
    contact_id = contacts["contact_id"]
    answers, of_frame, of_contacts = make_answers(parameters, streams, frame, people, contact_id)
    tables = {
        "contacts": contacts,
        "surveys": only_in_first(streams, surveys(parameters)),
        "answers": answers,
        "interviews": make_interviews(parameters, streams, frame, people, contact_id),
    }
    return tables, {"research_frame": of_frame, "contacts": of_contacts}


def counts(oracle):
    """What the truth counts of a block's research: accounts in the frame, and their scores."""
    frame = oracle["research_frame"]
    found = {"research_frame_accounts": len(frame["account_id"])}
    for wave in _WAVES:
        score = frame[f"{wave}_score"]
        found[f"asked_in_{wave}"] = int((score >= 0).sum())
        found[f"promoters_in_{wave}"] = int((score >= 9).sum())
        found[f"detractors_in_{wave}"] = int(((score >= 0) & (score <= 6)).sum())
    return found


def themes_found(parameters, interviews):
    """Share of all themes expected from so many interviews a persona (PERSONAS)."""
    missed = [1.0] * len(parameters.theme_chances()[0])
    for chances, number in zip(parameters.theme_chances(), interviews, strict=True):
        for theme, chance in enumerate(chances):
            for _ in range(number):
                missed[theme] *= 1 - chance
    return round(1 - sum(missed) / len(missed), 6)


def planted(parameters, counted):
    """The truth of the research, from the parameters and from what was counted over all blocks."""
    _, account, person = parameters.rating_sd
    scores = {
        wave: round(
            100 * (counted[f"promoters_in_{wave}"] - counted[f"detractors_in_{wave}"])
            / max(1, counted[f"asked_in_{wave}"]),
            4,
        )
        for wave in _WAVES
    }  # fmt: skip
    return {
        "research_frame": {"accounts": counted["research_frame_accounts"], "net_promoter_score": scores},
        "needs_by_level": {"share_between_accounts": round(account**2 / (account**2 + person**2), 6)},
        "saturation": {
            "themes": len(parameters.theme_chances()[0]),
            "personas": list(PERSONAS),
            "theme_chances": parameters.theme_chances(),
            "found_in_9_users": themes_found(parameters, (9, 0, 0, 0, 0)),
            "found_in_48_of_four_personas": themes_found(parameters, (12, 12, 12, 12, 0)),
        },
    }
