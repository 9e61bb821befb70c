import {
    addTour,
    applyDialog,
    choose,
    openCollection,
    openCollectionMenu,
    openNegotiation,
    pressButton,
    pressRareButton,
} from "./collection_steps";

addTour("collection_tour_hardship_report", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu_worklist"),
        {
            content: "Open the debtor's case",
            trigger: ".o_list_view .o_data_row td[name=partner_id]:contains(Jeanne Petit)",
            run: "click",
        },
        {
            content: "Open the assessments of the case",
            trigger: ".oe_stat_button[name=action_open_assessments]",
            run: "click",
        },
        {
            content: "Note a new one",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            content: "Add a resource",
            trigger: ".o_field_widget[name=resource_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Open the kinds of resources",
            trigger: ".o_selected_row .o_field_widget[name=kind] input, .o_selected_row .o_field_widget[name=kind] select",
            run: "click",
        },
        {
            content: "Choose the first kind",
            trigger: ".o_select_menu_item:first",
            run: "click",
        },
        {
            content: "It is chosen, before another field is written",
            trigger: ".o_selected_row .o_field_widget[name=kind] input:value(/./)",
        },
        {
            content: "Write what comes in",
            trigger: ".o_selected_row .o_field_widget[name=amount] input",
            run: "edit 450 && press Tab",
        },
        {
            content: "What can be paid is worked out",
            trigger: ".o_field_widget[name=amount_ability]:contains(450)",
        },
        {
            content: "Go on to the conclusion",
            trigger: ".o_notebook a[name=conclusion]",
            run: "click",
        },
        {
            content: "Write it",
            trigger: ".o_field_widget[name=conclusion] textarea",
            run: "edit Income fell by a third",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        {
            content: "Go back to the list",
            trigger: ".o_breadcrumb .o_back_button, .breadcrumb .o_back_button",
            run: "click",
        },
        {
            content: "Go back to the case",
            trigger: ".o_list_view",
        },
        ...openCollectionMenu("collection_case_menu_worklist"),
        {
            content: "Open the debtor's case again",
            trigger: ".o_list_view .o_data_row td[name=partner_id]:contains(Jeanne Petit)",
            run: "click",
        },
        {
            content: "The case counts the assessment",
            trigger: ".oe_stat_button[name=action_open_assessments]:contains(1)",
        },
        ...pressRareButton("action_report_hardship"),
        ...choose("nonpayment_reason_id", "Why nothing is left", ".modal"),
        {
            content: "Write the facts",
            trigger: ".modal .o_field_widget[name=facts] textarea",
            run: "edit Income fell by a third",
        },
        {
            content: "Propose a day",
            trigger: ".modal .o_field_widget[name=until] button, .modal .o_field_widget[name=until] input",
            run: "click",
        },
        {
            content: "Write the day",
            trigger: ".modal .o_field_widget[name=until] input",
            run: "edit 2026-04-16 && press Tab",
        },
        ...applyDialog(".btn-primary"),
    ],
});

addTour("collection_tour_hardship_decide", {
    steps: () => [
        ...openCollection(),
        ...openNegotiation("collection_hardship_menu"),
        {
            content: "Open the report",
            trigger: ".o_list_view .o_data_row td[name=partner_id]:contains(Jeanne Petit)",
            run: "click",
        },
        {
            content: "The facts are shown",
            trigger: ".o_field_widget[name=facts]:contains(Income fell)",
        },
        pressButton("action_decide"),
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Means have fallen",
        },
        ...applyDialog(),
        {
            content: "It is decided",
            trigger: ".o_arrow_button_current[data-value=accepted]",
        },
        {
            content: "The hold is named",
            trigger: ".o_field_widget[name=hold_id]:not(:empty)",
        },
    ],
});
