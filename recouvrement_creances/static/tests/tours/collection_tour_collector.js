import {
    addTour,
    applyDialog,
    openCollection,
    openCollectionMenu,
    pressButton,
} from "./collection_steps";

addTour("collection_tour_collector", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu_worklist"),
        {
            content: "The most pressing debtor comes first",
            trigger: ".o_list_view .o_data_row:first td[name=partner_id]:contains(Pressing Debtor)",
            run: "click",
        },
        // Read the case.
        {
            content: "What is overdue is shown",
            trigger: ".o_form_view .o_field_widget[name=amount_overdue]:contains(1)",
        },
        {
            content: "What comes next is shown",
            trigger: ".o_form_view .o_field_widget[name=next_step]:not(:empty)",
        },
        {
            content: "Why is explained",
            trigger: ".o_form_view .o_field_widget[name=explanation]:not(:empty)",
        },
        {
            content: "The invoice is listed",
            trigger: ".o_field_widget[name=open_item_ids] .o_data_row td[name=verdict]",
        },
        {
            content: "Nothing is held yet",
            trigger: ".o_field_widget[name=hold_count]:contains(0)",
        },
        // The debtor promises on the phone.
        pressButton("action_log_contact"),
        {
            content: "Whom to call is shown",
            trigger: ".modal .o_field_widget[name=partner_id]:contains(Pressing Debtor)",
        },
        {
            content: "The debtor promises",
            trigger: ".modal .o_field_widget[name=outcome] input[data-value=promised]",
            run: "click",
        },
        {
            content: "A day is proposed",
            trigger: ".modal .o_required_modifier[name=next_date] button",
            run: "click",
        },
        {
            content: "Write the day that was promised",
            trigger: ".modal .o_required_modifier[name=next_date] input",
            run: "edit 2026-03-30 && press Tab",
        },
        {
            content: "Write what was said",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit Pays after the fair",
        },
        ...applyDialog(),
        {
            content: "The case shows the hold",
            trigger: ".o_field_widget[name=hold_count]:contains(1)",
        },
        {
            content: "Look at the holds",
            trigger: ".o_notebook a[name=holds]",
            run: "click",
        },
        {
            content: "The promise is among them",
            trigger: ".o_field_widget[name=hold_ids] .o_data_row td[name=date_end]:contains(30)",
        },
        {
            content: "Look at the contacts",
            trigger: ".o_notebook a[name=contacts]",
            run: "click",
        },
        {
            content: "The call is among them",
            trigger: ".o_field_widget[name=action_ids] .o_data_row td[name=outcome]:not(:empty)",
        },
        // Make the call that the run has planned.
        ...openCollectionMenu("collection_action_menu"),
        {
            content: "Log the outcome of the planned call",
            trigger:
                ".o_data_row:has(td[name=debtor_id]:contains(Debtor To Call)) button[name=action_log_outcome]",
            run: "click",
        },
        {
            content: "What to say is shown",
            trigger: ".modal .o_field_widget[name=instructions]:contains(Ask for the date)",
        },
        {
            content: "The debtor was reached",
            trigger: ".modal .o_field_widget[name=outcome] input[data-value=reached]",
            run: "click",
        },
        ...applyDialog(),
        {
            content: "Nothing waits any more",
            trigger: ".o_list_view .o_view_nocontent",
        },
    ],
});
