"""Who the simulated people are, and that they know how to do what their table says."""

from pathlib import Path
from random import Random

import pytest

from simulation import behaviours, collectors, expected, population, proceedings
from simulation.debtors import find_act


def test_same_seed_same_debtors():
    """A seed is a life: the same debtors, another seed is another one."""
    first, again, other = (population.draw(60, seed) for seed in (1, 1, 2))
    assert [vars_of(one) for one in first] == [vars_of(one) for one in again]
    assert [vars_of(one) for one in first] != [vars_of(one) for one in other]


def vars_of(debtor):
    """Return what a debtor is, without his dice."""
    return {name: value for name, value in vars(debtor).items() if not isinstance(value, Random)}


def test_every_behaviour_takes_part():
    """Few debtors are enough for one of each; many keep to the weights."""
    few = {debtor.behaviour.name for debtor in population.draw(60, 3)}
    assert few == {behaviour.name for behaviour in behaviours.BEHAVIOURS}
    many = population.draw(300, 3)
    assert len(many) == 300 and len({debtor.name for debtor in many}) == 300
    early = sum(debtor.behaviour.name == "pays_early" for debtor in many)
    assert 45 < early < 75


def test_behaviours_are_of_the_right_kind():
    """Nobody is what he cannot be: consumers are not wound up, companies not over-indebted."""
    for debtor in population.draw(300, 4):
        assert debtor.kind in debtor.behaviour.kinds


def test_everybody_knows_what_to_do():
    """Each reaction of the table is something that somebody carries out."""
    for behaviour in behaviours.BEHAVIOURS:
        for reaction in behaviour.reactions:
            if reaction.to == behaviours.CALL:
                assert reaction.does in collectors.ANSWERS, reaction
            else:
                assert find_act(reaction.does), reaction


def test_first_reaction_that_fits():
    """A reaction to a number goes before one to each, where it stands before it."""
    table = behaviours.Behaviour(
        "one",
        1,
        behaviours.ANYBODY,
        (
            behaviours.Reaction(behaviours.MAIL, 1, "dispute_rightly"),
            behaviours.Reaction(behaviours.MAIL, behaviours.ALWAYS, "transfer"),
        ),
    )
    found = [behaviours.find_reaction(table, behaviours.MAIL, number).does for number in (1, 2)]
    assert found == ["dispute_rightly", "transfer"]
    assert behaviours.find_reaction(table, behaviours.CALL, 1) is None


# The steps of a ladder with the days overdue on which they reach him; other mails come later.
LADDER = (
    (behaviours.MAIL, 1, 5),
    (behaviours.MAIL, 2, 15),
    (behaviours.CALL, 1, 22),
    (behaviours.MAIL, 3, 25),
    (behaviours.MAIL, 4, 30),
    (behaviours.LETTER, 1, 38),
    (behaviours.LETTER, 2, 53),
)
SETTLES = ("transfer", "online", "say_paid_and_pay", "already_paid")
AFTERWARDS = {"say_paid_and_pay", "already_paid", "promise_online_kept", "promise_online_late"}
BANK = 2  # days that money takes


@pytest.mark.parametrize("behaviour", behaviours.BEHAVIOURS, ids=lambda one: one.name)
def test_nobody_is_forestalled_by_himself(behaviour):
    """Each does all that his table says: he has not paid, as a rule, before that reaches him."""
    wanted = {one.does for one in behaviour.reactions}
    done = {
        one.does for one in behaviour.reactions if one.to in (behaviours.DUE, behaviours.SIGNED)
    }
    settled = LADDER[-1][-1]
    for to, number, day in LADDER:
        reaction = behaviours.find_reaction(behaviour, to, number)
        if reaction and day <= settled:
            done.add(reaction.does)
            if reaction.does in SETTLES and reaction.part == (1.0, 1.0):
                settled = min(settled, day + sum(reaction.days) / 2 + BANK)
    if done & AFTERWARDS:
        done.add("transfer")
    assert wanted <= done


def test_ways_through_court_are_made_of_known_steps():
    """Each step of a way is one of its procedure, and has its time."""
    data = Path(__file__).resolve().parents[2] / "recouvrement_creances" / "data"
    known = "".join(path.read_text() for path in data.glob("collection_procedure_*_data.xml"))
    for procedure, ways in proceedings.WAYS.items():
        for name in {name for way in ways for name in way} | {"close", "withdraw"}:
            assert f'"collection_procedure_step_{procedure}_{name}"' in known, (procedure, name)
            assert name in proceedings.DAYS or name == "withdraw"


def test_what_never_took_place_is_missed():
    """A kind of act or a reaction that nobody ever showed is named; in a short time only some."""
    acts = dict.fromkeys(expected.IN_A_YEAR, 1)
    reactions = {
        (behaviour.name, reaction.does): 1
        for behaviour in behaviours.BEHAVIOURS
        for reaction in behaviour.reactions
    }
    assert expected.find_missing(acts, reactions, 400, 300) == []
    acts["written_off"] = 0
    del reactions["silent", "no_answer"]
    assert expected.find_missing(acts, reactions, 400, 300) == ["written_off", "silent: no_answer"]
    assert expected.find_missing(acts, {}, 60, 60) == []
    assert expected.find_missing({}, {}, 60, 60) == list(expected.SOON)
    assert expected.find_missing({}, {}, 10, 60) == []
