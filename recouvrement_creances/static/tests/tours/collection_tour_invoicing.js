import { stepUtils } from "@web_tour/tour_utils";

import { addTour } from "./collection_steps";

addTour("collection_tour_invoicing", {
    steps: () => [
        ...stepUtils.goToAppSteps("account.menu_finance", "Open Invoicing"),
        {
            content: "Unfold the customers",
            trigger: '.o_menu_sections [data-menu-xmlid="account.menu_finance_receivables"]',
            run: "click",
        },
        {
            content: "Open the customers' invoices",
            trigger: '.o-dropdown--menu [data-menu-xmlid="account.menu_action_move_out_invoice_type"]',
            run: "click",
        },
        {
            content: "Open the invoice",
            trigger: ".o_list_view .o_data_row td[name=invoice_partner_display_name]:contains(Late Customer)",
            run: "click",
        },
        {
            content: "Look at its collection",
            trigger: ".o_form_view .o_notebook a[name=collection]",
            run: "click",
        },
        {
            content: "The verdict is shown",
            trigger: ".o_field_widget[name=collection_verdict] .badge:not(:empty)",
        },
        {
            content: "The verdict is explained",
            trigger: ".o_field_widget[name=collection_explanation]:not(:empty)",
        },
        {
            content: "The stage is shown",
            trigger: ".tab-pane.active .o_field_widget[name=collection_stage_id]:contains(/\\S/)",
        },
        {
            content: "The level is shown",
            trigger: ".o_field_widget[name=collection_level_id]:contains(Level +5)",
        },
        {
            content: "The next day is shown",
            trigger: ".o_field_widget[name=collection_next_date]:contains(26)",
        },
        {
            content: "The case and its policy are none of this person's business",
            trigger:
                ".o_form_view:not(:has(button[name=action_open_collection_case], .o_field_widget[name=collection_policy_id]))",
        },
    ],
});
