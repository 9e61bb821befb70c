import {
    addTour,
    agree,
    applyDialog,
    choose,
    openCollection,
    openConfiguration,
    pressButton,
} from "./collection_steps";

const LADDER = ".o_field_widget[name=level_ids]";

addTour("collection_tour_manager", {
    steps: () => [
        ...openCollection(),
        ...openConfiguration("collection_policy_menu"),
        {
            content: "Open the policy",
            trigger: ".o_list_view .o_data_row td[name=name]:contains(Test policy)",
            run: "click",
        },
        {
            content: "The ladder of a confirmed policy cannot be changed",
            trigger: `${LADDER}:not(:has(.o_field_x2many_list_row_add)) .o_data_row`,
        },
        pressButton("action_revise"),
        agree(),
        {
            content: "The policy is to be confirmed again",
            trigger: ".o_arrow_button_current[data-value=draft]",
        },
        // The first reminder leaves later.
        {
            content: "Edit the delay of the first level",
            trigger: `${LADDER} .o_data_row:first td[name=delay_days]`,
            run: "click",
        },
        {
            content: "Write the new delay",
            trigger: `${LADDER} .o_selected_row .o_field_widget[name=delay_days] input`,
            run: "edit 8 && press Tab",
        },
        // A last level is added.
        {
            content: "Add a level",
            trigger: `${LADDER} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            content: "Give it a delay",
            trigger: `${LADDER} .o_selected_row:not(:first-child) .o_field_widget[name=delay_days] input`,
            run: "edit 75",
        },
        {
            content: "Give it a name",
            trigger: `${LADDER} .o_selected_row .o_field_widget[name=name] input`,
            run: "edit Last reminder",
        },
        {
            content: "Open the level",
            trigger: `${LADDER} .o_selected_row .o_list_record_open_form_view button`,
            run: "click",
        },
        // Its page holds its steps.
        {
            content: "Add a step",
            trigger: ".o_field_widget[name=step_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "A person agrees first",
            trigger: ".modal .o_field_widget[name=mode] input[data-value=confirm]",
            run: "click",
        },
        ...choose("template_id", "Reminder of the tour", ".modal"),
        ...applyDialog(".o_form_button_save"),
        {
            content: "The level lists its step",
            trigger:
                ".o_field_widget[name=step_ids] .o_data_row td[name=template_id]:contains(Reminder of the tour)",
        },
        {
            content: "Go back to the policy",
            trigger: ".o_control_panel .o_back_button a",
            run: "click",
        },
        {
            content: "The ladder names the step of the new level",
            trigger: `${LADDER} .o_data_row:has(td[name=name]:contains(Last reminder)) td[name=step_summary]:not(:empty)`,
        },
        pressButton("action_confirm"),
        agree(),
        {
            content: "The policy is confirmed",
            trigger: ".o_arrow_button_current[data-value=confirmed]",
        },
        {
            content: "The ladder is closed again",
            trigger: `${LADDER}:not(:has(.o_field_x2many_list_row_add)) .o_data_row`,
        },
    ],
});
