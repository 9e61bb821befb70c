import { registry } from "@web/core/registry";

import {
    applyDialog,
    attach,
    openCollection,
    openCollectionMenu,
    openLitigation,
    pressButton,
} from "./collection_steps";

const FORM = ".o_form_view:not(.modal .o_form_view)";

/** Record the step that the dialog proposes, with a document. */
function recordNext(paper, state) {
    return [
        pressButton("action_record_step"),
        {
            content: "A step is proposed",
            trigger: ".modal .o_field_widget[name=step_id] input",
        },
        ...attach("attachment_ids", paper, "The act"),
        ...applyDialog(),
        {
            content: `The proceeding is ${state}`,
            trigger: `${FORM} .o_arrow_button_current[data-value=${state}]`,
        },
    ];
}

registry.category("web_tour.tours").add("collection_tour_proceeding", {
    steps: () => [
        ...openCollection(),
        openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Sued Debtor)",
            run: "click",
        },
        pressButton("action_prepare_proceeding"),
        {
            content: "Look for the procedure",
            trigger: `${FORM} .o_field_widget[name=procedure_id] input`,
            run: "click",
        },
        {
            content: "Choose the first one, the order for payment",
            trigger: ".o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):first",
            run: "click",
        },
        {
            content: "The court of the debtor's place is proposed",
            trigger: `${FORM} .o_field_widget[name=court_id] input:value(Paris)`,
        },
        {
            content: "Save",
            trigger: `${FORM} .o_form_button_save`,
            run: "click",
        },
        {
            content: "It is in preparation",
            trigger: `${FORM} .o_arrow_button_current[data-value=draft]`,
        },
        ...recordNext("request.txt", "filed"),
        {
            content: "Look at its deadlines",
            trigger: `${FORM} .o_notebook .nav-link[name=deadlines]`,
            run: "click",
        },
        {
            content: "The fees have to be deposited within fifteen days",
            trigger: `${FORM} .o_field_widget[name=deadline_ids] .o_data_row td[name=article]:contains(1425)`,
        },
        {
            content: "Close it",
            trigger: `${FORM} .o_field_widget[name=deadline_ids] button[name=action_close]`,
            run: "click",
        },
        ...attach("attachment_ids", "receipt.txt", "Paid"),
        ...applyDialog(),
        {
            content: "It is closed",
            trigger: `${FORM} .o_field_widget[name=deadline_ids] .o_data_row:not(:has(button[name=action_close]))`,
        },
        ...openLitigation("collection_deadline_menu"),
        {
            content: "None is running any more",
            trigger: ".o_nocontent_help, .o_list_view:not(:has(.o_data_row))",
        },
        {
            content: "Show all",
            trigger: ".o_searchview_facet .o_facet_remove",
            run: "click",
        },
        {
            content: "The one that was closed is kept",
            trigger: ".o_list_view .o_data_row:contains(Sued Debtor)",
        },
        {
            content: "Look at the calendar",
            trigger: ".o_switch_view.o_calendar",
            run: "click",
        },
        {
            content: "The calendar shows",
            trigger: ".o_calendar_view .fc-event, .o_calendar_view .o_calendar_renderer",
        },
    ],
});
