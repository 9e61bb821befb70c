import { registry } from "@web/core/registry";

import {
    agree,
    applyDialog,
    openCollection,
    openCollectionMenu,
    pressButton,
} from "./collection_steps";

/** Expect the form's present state. */
const isIn = (state) => ({
    content: `The schedule is ${state}`,
    trigger: `.o_arrow_button_current[data-value=${state}]`,
});

/** Open the debtor's only schedule from the menu. */
const openSchedule = () => [
    ...openCollection(),
    {
        content: "Open the menu of schedules",
        trigger: '.o_menu_sections [data-menu-xmlid="recouvrement_creances.collection_schedule_menu_root"]',
        run: "click",
    },
    {
        content: "Open the schedules",
        trigger:
            '.o-dropdown--menu [data-menu-xmlid="recouvrement_creances.collection_schedule_menu"]',
        run: "click",
    },
    {
        content: "Open the debtor's schedule",
        trigger: ".o_data_row td[name=partner_id]:contains(Late Payer)",
        run: "click",
    },
];

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
        isIn("to_approve"),
    ],
});

registry.category("web_tour.tours").add("collection_tour_schedule_manager", {
    steps: () => [...openSchedule(), pressButton("action_approve"), isIn("proposed")],
});

registry.category("web_tour.tours").add("collection_tour_schedule_signature", {
    steps: () => [
        ...openSchedule(),
        pressButton("action_sign_paper"),
        {
            content: "The amount is shown in words",
            trigger: ".modal .o_field_widget[name=amount_in_words]:contains(euros)",
        },
        {
            content: "Say who signed",
            trigger: ".modal .o_field_widget[name=signer_name] input",
            run: "edit Jeanne Payeur",
        },
        {
            content: "Attach the scan",
            trigger: ".modal .o_field_widget[name=scan] .o_select_file_button",
            run() {
                const input = document.querySelector(
                    ".modal .o_field_widget[name=scan] input[type=file]"
                );
                const files = new DataTransfer();
                files.items.add(
                    new File(["%PDF-1.4 signed"], "signed.pdf", { type: "application/pdf" })
                );
                input.files = files.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        {
            content: "The scan is there",
            trigger: ".modal .o_field_widget[name=scan] input[type=text]:value(signed.pdf)",
        },
        {
            content: "The amount is in the debtor's own hand",
            trigger: ".modal .o_field_widget[name=is_amount_written] input",
            run: "click",
        },
        ...applyDialog(),
        isIn("running"),
    ],
});

registry.category("web_tour.tours").add("collection_tour_schedule_accountant", {
    steps: () => [
        ...openSchedule(),
        pressButton("action_register_payment"),
        {
            content: "The next instalment is proposed",
            trigger: ".modal .o_field_widget[name=amount] input:value(60)",
        },
        ...applyDialog(),
        {
            content: "It is paid, and nobody ticked it",
            trigger:
                ".o_field_widget[name=instalment_ids] .o_data_row:nth-of-type(1) td[name=settled_on]:not(:empty)",
        },
    ],
});

registry.category("web_tour.tours").add("collection_tour_schedule_cancel", {
    steps: () => [
        ...openSchedule(),
        pressButton("action_cancel"),
        agree(),
        isIn("cancelled"),
    ],
});
