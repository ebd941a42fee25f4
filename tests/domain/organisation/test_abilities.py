from datetime import UTC, datetime, timedelta

import pytest

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.working_days import Skips, working_days
from leaflets.domain.organisation.abilities import SAID, abilities, gist, say_abilities
from leaflets.domain.organisation.answering import LEAST, answer_by
from leaflets.domain.permissions import GIVES, POLICY, Action, Role

SAID_BY_OTHERS = {
    Action.SEE_PICTURE,
    Action.ASK_PROOF,
    Action.SEE_APPROVAL,
    Action.SEE_ORDER,
    Action.SEE_MESSAGES,
    Action.SEE_BOARD,
    Action.SEE_PEOPLE,
    Action.SEE_OFFICE,
    Action.SEE_PLACES,
    Action.GIVE_ROLE,
    Action.GIVE_OFFICE,
}
"""What goes without saying for whoever does the rest."""

CALENDAR = working_days(bank_holidays(), Nation.ENGLAND, Skips.OWN)
THURSDAY = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)


def test_what_an_agent_may_do_reads_as_a_sentence() -> None:
    assert say_abilities(Role.AGENT) == (
        "write leaflets, order prints, send for approval, keep the pictures, download finished PDFs, keep a "
        "campaign’s details, record when postal votes go out and bring in helpers and designers"
    )
    assert gist(Role.AGENT).endswith("keep the pictures and bring in helpers and designers, and more")
    assert gist(Role.DESIGNER) == "write leaflets and keep the pictures"
    assert "bring in anybody" in say_abilities(Role.ADMINISTRATOR)


@pytest.mark.parametrize("action", [action for action in Action if POLICY[action] & set(Role)])
def test_no_action_of_the_policy_is_left_unsaid(action: Action) -> None:
    assert action in SAID_BY_OTHERS or any(action in actions for _, actions, _ in SAID)


@pytest.mark.parametrize("role", list(Role))
def test_nothing_is_said_of_a_role_that_the_policy_does_not_allow_it(role: Role) -> None:
    for words, actions, _ in SAID:
        assert words not in abilities(role) or all(role in POLICY[action] for action in actions)
    assert any(words.startswith("bring in") for words in abilities(role)) == bool(GIVES.get(role))


@pytest.mark.parametrize(
    ("asked", "needed_in", "answered"),
    [
        (THURSDAY, None, datetime(2026, 11, 20, 17, 0, tzinfo=UTC)),
        (THURSDAY + timedelta(days=1), None, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        (THURSDAY + timedelta(days=2), None, datetime(2026, 11, 23, 17, 0, tzinfo=UTC)),
        (THURSDAY, timedelta(days=20), datetime(2026, 11, 20, 17, 0, tzinfo=UTC)),
        (THURSDAY, timedelta(hours=10), THURSDAY + timedelta(hours=5)),
        (THURSDAY, timedelta(minutes=10), THURSDAY + LEAST),
        (THURSDAY, timedelta(days=-3), THURSDAY + LEAST),
        (THURSDAY + timedelta(hours=12), timedelta(minutes=10), datetime(2026, 11, 20, 11, 0, tzinfo=UTC)),
        (THURSDAY - timedelta(hours=5), timedelta(minutes=10), datetime(2026, 11, 19, 11, 0, tzinfo=UTC)),
        (datetime(2026, 12, 24, 9, 0, tzinfo=UTC), None, datetime(2026, 12, 29, 17, 0, tzinfo=UTC)),
    ],
)
def test_an_answer_is_due_at_the_close_of_the_next_working_day_or_sooner_where_time_is_short(
    asked: datetime, needed_in: timedelta | None, answered: datetime
) -> None:
    assert answer_by(asked, CALENDAR, asked + needed_in if needed_in else None) == answered
