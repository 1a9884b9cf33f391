"""Every page that can be opened from nowhere in particular is found in the palette."""

from servanda.desk.search.commands import COMMANDS, PAGES
from servanda.portal.searching import PAGES as PUBLIC_PAGES
from tests.house.addresses import ADDRESSES, our_patterns

# Opened from the page to which they belong, or no page at all.
NOT_OFFERED = {
    "a file or a part of a page": {
        *("desk:scorecard_file", "desk:follow_up_file", "desk:mechanisms_map_chart", "desk:example_word_template"),
        *("exchange:parcel_file", "exchange:members_parcel_file", "exchange:parcel_progress", "exchange:original"),
        *("exchange:feed", "exchange:member_feed", "exchange_keys", "portal:calendar_file"),
        *("people:own_personal_data", "portal:find_records", "desk:find_records", "desk:find_actions"),
    },
    "the search and the palette themselves": {"desk:search", "desk:palette", "portal:search", "portal:palette"},
    "a step of its page": {
        *(
            "desk:next_update",
            "desk:erase_personal_data",
            "desk:erase_obligation_files",
            "desk:set_standing_invitation",
            "desk:offer_exercises",
        ),
        *("desk:rejected_proposals", "people:make_token", "people:revoke_tokens", "exchange:replace_key"),
        *("desk:add_word_template", "desk:add_report_template", "portal:tour", "portal:hidden_records"),
    },
    "for programs": {name for name in ADDRESSES if name.startswith("api:")},
}
OFFERED = {command.page for command in [*COMMANDS, *PAGES]} | {page.name for page in PUBLIC_PAGES}


def pages_without_arguments() -> set[str]:
    patterns = dict(our_patterns())
    return {
        name
        for name, address in ADDRESSES.items()
        if "@" not in name and "GET" in address.methods and not set("<(") & set(str(patterns[name].pattern))
    }


def test_every_page_without_arguments_is_offered_or_has_a_reason_not_to_be():
    excused = set().union(*NOT_OFFERED.values())
    assert pages_without_arguments() - OFFERED - excused == set()


def test_no_page_has_a_reason_that_it_does_not_need():
    excused = set().union(*NOT_OFFERED.values()) - NOT_OFFERED["for programs"]
    assert excused <= ADDRESSES.keys()
    assert OFFERED & excused == set()
