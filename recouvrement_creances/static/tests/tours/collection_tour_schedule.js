import {
    addTour,
    applyDialog,
    decide,
    openActivity,
    openCollection,
    openCollectionMenu,
    openNegotiation,
    pressButton,
    upload,
} from "./collection_steps";

const STATE = (state) => `.o_arrow_button_current[data-value=${state}]`;
const FIRST_INSTALMENT = ".o_field_widget[name=instalment_ids] .o_data_row:first td[name=state]";

/** Open the schedule of a debtor from the list of schedules. */
function openSchedule(debtor) {
    return [
        ...openCollection(),
        ...openNegotiation("collection_schedule_menu"),
        {
            content: `Open the schedule of ${debtor}`,
            trigger: `.o_list_view .o_data_row td[name=partner_id]:contains(${debtor})`,
            run: "click",
        },
    ];
}

addTour("collection_tour_schedule_collector", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Late Payer)",
            run: "click",
        },
        {
            content: "Look at its schedules",
            trigger: ".o_notebook a[name=schedules]",
            run: "click",
        },
        {
            content: "Plan one",
            trigger: ".o_notebook .tab-pane.active button.o_collection_plan",
            run: "click",
        },
        {
            content: "Three instalments are proposed",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:nth-of-type(3)",
        },
        {
            content: "Ask for fifteen",
            trigger: ".modal .o_field_widget[name=count] input",
            run: "edit 15",
        },
        {
            content: "Leave the field",
            trigger: ".modal .o_field_widget[name=skipped_months] input",
            run: "edit 8",
        },
        {
            content: "Fifteen lines are shown",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:nth-of-type(15)",
        },
        ...applyDialog(),
        {
            content: "The draft says that it needs an approval",
            trigger: ".o_field_widget[name=limit_text]:contains(12)",
        },
        pressButton("action_submit"),
        {
            content: "The schedule waits for its approval",
            trigger: ".o_arrow_button_current[data-value=to_approve]",
        },
    ],
});

addTour("collection_tour_schedule_decide", {
    steps: () => [
        ...openCollection(),
        ...openActivity("collection.schedule", "Late Payer"),
        {
            content: "The limits that it exceeds are told",
            trigger: ".o_field_widget[name=limit_text]:contains(12)",
        },
        ...decide("approve", "Agreed with the sales manager"),
        {
            content: "It is offered to the debtor",
            trigger: STATE("proposed"),
        },
        ...openActivity("collection.schedule", "Hasty Payer"),
        ...decide("refuse", "Ask for a down payment first"),
        {
            content: "It goes back to who planned it",
            trigger: STATE("draft"),
        },
    ],
});

addTour("collection_tour_schedule_paper", {
    steps: () => [
        ...openSchedule("Late Payer"),
        pressButton("action_sign_paper"),
        {
            content: "The amount that has to stand on the paper is told in words",
            trigger: ".modal .o_field_widget[name=amount_in_words]:contains(neuf cents euros), .modal .o_field_widget[name=amount_in_words]:contains(nine hundred)",
        },
        {
            content: "Write who signed",
            trigger: ".modal .o_field_widget[name=signer_name] input",
            run: "edit Jeanne Payeur",
        },
        ...upload("scan", "signed.pdf", "%PDF-1.4 a signed paper", "application/pdf"),
        {
            content: "The amount was written by the debtor",
            trigger: ".modal .o_field_widget[name=is_amount_written] input",
            run: "click",
        },
        ...applyDialog(),
        {
            content: "The schedule is in effect",
            trigger: STATE("running"),
        },
        {
            content: "The scan is kept as the signed agreement",
            trigger: ".o_field_widget[name=signed_agreement_id]:not(:empty)",
        },
    ],
});

addTour("collection_tour_schedule_payment", {
    steps: () => [
        ...openSchedule("Late Payer"),
        {
            content: "The first instalment is to come",
            trigger: `${FIRST_INSTALMENT}:not(:has(.text-bg-success))`,
        },
        pressButton("action_register_payment"),
        {
            content: "Its amount is proposed",
            trigger: ".modal .o_field_widget[name=amount] input",
        },
        ...applyDialog(),
        {
            content: "It is paid, and nobody has ticked it",
            trigger: `${FIRST_INSTALMENT}:has(.text-bg-success)`,
        },
    ],
});

// Starts on the form of the payment.
addTour("collection_tour_schedule_payment_cancelled", {
    steps: () => [
        pressButton("action_draft"),
        pressButton("action_cancel"),
        {
            content: "The payment is cancelled",
            trigger: ".o_form_view:not(:has(button[name=action_cancel]))",
        },
        ...openSchedule("Late Payer"),
        {
            content: "The first instalment is to come again",
            trigger: `${FIRST_INSTALMENT}:not(:has(.text-bg-success))`,
        },
    ],
});
