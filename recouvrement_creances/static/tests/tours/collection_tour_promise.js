import {
    addTour,
    applyDialog,
    openCollection,
    openCollectionMenu,
    openNegotiation,
    pressButton,
} from "./collection_steps";

addTour("collection_tour_promise", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Promising Debtor)",
            run: "click",
        },
        pressButton("action_add_promise"),
        {
            content: "The invoice is proposed",
            trigger: ".modal .o_field_widget[name=item_ids] .o_tag",
        },
        ...applyDialog(".o_form_button_save"),
        {
            content: "The promise is on the case",
            trigger: "button[name=action_open_promises] .o_stat_value:contains(1)",
        },
        {
            content: "Open the invoice",
            trigger: ".o_field_widget[name=open_item_ids] .o_data_row button[name=action_open_move]",
            run: "click",
        },
        {
            content: "Register its payment",
            trigger: ".o_statusbar_buttons button[name=action_register_payment]",
            run: "click",
        },
        {
            content: "The amount is proposed",
            trigger: ".modal .o_field_widget[name=amount]",
        },
        ...applyDialog("button[name=action_create_payments]"),
        ...openNegotiation("collection_promise_menu"),
        {
            content: "Show all promises, not the pending ones only",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            content: "Open the promise",
            trigger: ".o_data_row td[name=partner_id]:contains(Promising Debtor)",
            run: "click",
        },
        {
            content: "The payment has kept it",
            trigger: ".o_arrow_button_current[data-value=kept]",
        },
    ],
});

// Starts on the form of the payment.
addTour("collection_tour_promise_payment_cancelled", {
    steps: () => [
        pressButton("action_draft"),
        pressButton("action_cancel"),
        {
            content: "The payment is cancelled",
            trigger: ".o_form_view:not(:has(button[name=action_cancel]))",
        },
    ],
});
