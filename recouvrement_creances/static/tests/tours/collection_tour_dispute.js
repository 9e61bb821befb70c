import {
    addTour,
    applyDialog,
    choose,
    openCollection,
    openCollectionMenu,
    openNegotiation,
    pressButton,
} from "./collection_steps";

/** Wait until the dispute shows a state. */
function isIn(state) {
    return {
        content: `The dispute is ${state}`,
        trigger: `.o_arrow_button_current[data-value=${state}]`,
    };
}

/** Open the only dispute of the list. */
function openDispute() {
    return {
        content: "Open the dispute",
        trigger: ".o_list_view .o_data_row td[name=partner_id]:contains(Late Payer)",
        run: "click",
    };
}

addTour("collection_tour_dispute_open", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Late Payer)",
            run: "click",
        },
        pressButton("action_open_dispute"),
        ...choose("category_id", "Disputed work", ".modal"),
        {
            content: "The salesperson looks into it",
            trigger: ".modal .o_field_widget[name=owner_id] input:value(Sam Sales)",
        },
        {
            content: "Tick the invoice",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row td[name=is_chosen]",
            run: "click",
        },
        {
            content: "Only a part is disputed",
            trigger: ".modal .o_data_row.o_selected_row td[name=amount] input",
            run: "edit 300",
        },
        {
            content: "Write what the debtor says",
            trigger: ".modal .o_field_widget[name=description] textarea",
            run: "edit Two doors are scratched",
        },
        {
            content: "Open the dispute",
            trigger: ".modal .modal-footer button[name=action_apply]",
            run: "click",
        },
        isIn("open"),
        {
            content: "The part is shown",
            trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=amount]:contains(300)",
        },
    ],
});

addTour("collection_tour_dispute_answer", {
    steps: () => [
        openDispute(),
        {
            content: "What was invoiced can be read",
            trigger: ".o_field_widget[name=invoiced] table",
        },
        {
            content: "Nothing of the case is shown",
            trigger: ".o_form_view:not(:has(button[name=action_decide], [name=hold_id]))",
        },
        pressButton("action_answer"),
        {
            content: "The debtor is wrong",
            trigger: ".modal .o_field_widget[name=opinion] input[data-value=unfounded]",
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=answer] textarea",
            run: "edit The delivery note is signed without reservations",
        },
        ...applyDialog(),
        isIn("answered"),
    ],
});

addTour("collection_tour_dispute_decide", {
    steps: () => [
        ...openCollection(),
        ...openNegotiation("collection_dispute_menu"),
        openDispute(),
        pressButton("action_decide"),
        {
            content: "What the salesperson thinks is proposed",
            trigger:
                ".modal .o_field_widget[name=decision] input[data-value=unfounded]:checked",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit The debtor accepted the delivery",
        },
        ...applyDialog(),
        isIn("unfounded"),
    ],
});
