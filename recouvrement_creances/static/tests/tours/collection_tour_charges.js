import { addTour, applyDialog, openCollection, openCollectionMenu } from "./collection_steps";

addTour("collection_tour_charges", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Late Payer)",
            run: "click",
        },
        {
            content: "Look at what late payment has cost",
            trigger: ".o_notebook a[name=charges]",
            run: "click",
        },
        {
            content: "The computation is shown",
            trigger: ".o_field_widget[name=charge_table] table:contains(365)",
        },
        {
            content: "Claim it",
            trigger: ".o_notebook .tab-pane.active button.o_collection_claim",
            run: "click",
        },
        {
            content: "Both invoices are there",
            trigger: ".modal .o_field_widget[name=line_ids] .o_data_row:nth-of-type(2)",
        },
        ...applyDialog(),
        {
            content: "The statement is claimed",
            trigger: ".o_arrow_button_current[data-value=claimed]",
        },
        {
            content: "Its lines say how they are computed",
            trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=detail]:contains(365)",
        },
        {
            content: "Register its payment",
            trigger: ".o_statusbar_buttons button.btn-primary",
            run: "click",
        },
        {
            content: "A bank is proposed",
            trigger: ".modal .o_field_widget[name=journal_id]",
        },
        ...applyDialog(),
        {
            content: "The statement is paid",
            trigger: ".o_arrow_button_current[data-value=paid]",
        },
    ],
});
