import { registry } from "@web/core/registry";

import { applyDialog, openCollection, openCollectionMenu, pressButton } from "./collection_steps";

registry.category("web_tour.tours").add("collection_tour_schedule_collector", {
    steps: () => [
        ...openCollection(),
        openCollectionMenu("collection_case_menu"),
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
