import {
    addTour,
    decide,
    openActivity,
    openCollection,
    openCollectionMenu,
    openLitigation,
    pressButton,
    pressRareButton,
} from "./collection_steps";

const STATE = (state) => `.o_arrow_button_current[data-value=${state}]`;

/** Say in a request why now, and ask for it. */
function ask(why) {
    return [
        {
            content: "Say why now",
            trigger: ".o_form_view .o_field_widget[name=note] textarea",
            run: `edit ${why}`,
        },
        pressButton("action_request"),
        {
            content: "It waits for the approval",
            trigger: STATE("requested"),
        },
    ];
}

addTour("collection_tour_handover_ask", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Silent Debtor)",
            run: "click",
        },
        ...pressRareButton("action_prepare_handover"),
        {
            content: "The checklist is complete",
            trigger: ".o_field_widget[name=check_ids]:not(:has(.text-bg-danger)) .text-bg-success",
        },
        {
            content: "A route is proposed with its cost",
            trigger: ".o_field_widget[name=route_ids] .o_data_row:first td[name=cost]",
        },
        ...ask("They do not answer any more"),
    ],
});

addTour("collection_tour_handover_refuse", {
    steps: () => [
        ...openCollection(),
        ...openActivity("collection.handover", "Silent Debtor"),
        {
            content: "What was tried stands on the page",
            trigger: ".o_field_widget[name=tried]",
        },
        ...decide("refuse", "Call them once more"),
        {
            content: "It is refused",
            trigger: STATE("refused"),
        },
    ],
});

addTour("collection_tour_handover_ask_again", {
    steps: () => [
        ...openCollection(),
        ...openLitigation("collection_handover_menu"),
        {
            content: "Open the refused one",
            trigger: ".o_list_view .o_data_row:contains(Silent Debtor) td[name=route_code]",
            run: "click",
        },
        {
            content: "The reason is told",
            trigger: ".alert-danger:contains(Call them once more)",
        },
        ...ask("Called: they hang up"),
    ],
});

addTour("collection_tour_handover_approve", {
    steps: () => [
        ...openCollection(),
        ...openActivity("collection.handover", "Silent Debtor"),
        ...decide("approve", "Nothing else is left"),
        {
            content: "It is approved",
            trigger: STATE("approved"),
        },
        {
            content: "The file is there",
            trigger: "button[name=action_download_file]",
        },
    ],
});

addTour("collection_tour_handover_lawyer", {
    steps: () => [
        {
            content: "The file can be downloaded",
            trigger: "a[href$='/file.zip']",
        },
        {
            content: "Take it on",
            trigger: "input#accept",
            run: "click",
        },
        {
            content: "Say when",
            trigger: "textarea#note",
            run: "edit On Monday",
        },
        {
            content: "Send the answer",
            trigger: "form[action$='/answer'] button[type=submit]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "It was noted",
            trigger: ".alert-success",
        },
    ],
});
