import {
    addTour,
    applyDialog,
    attach,
    choose,
    openCollection,
    openCollectionMenu,
    pressButton,
    pressRareButton,
} from "./collection_steps";

// Of twenty-two that both families have.
const STEPS_OF_RUNNING_REORGANISATION = 13;

/** Write a day into an empty field of the form. */
function writeDay(field, day) {
    return {
        content: `Write ${field}`,
        trigger: `.o_form_view .o_field_widget[name=${field}] input`,
        run: `edit ${day} && press Tab`,
    };
}

addTour("collection_tour_insolvency", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_case_menu"),
        {
            content: "Open the debtor's case",
            trigger: ".o_kanban_record:contains(Insolvent Debtor)",
            run: "click",
        },
        ...pressRareButton("action_record_insolvency"),
        {
            content: "The debtor is named",
            trigger: ".o_form_view .o_field_widget[name=partner_id]:contains(Insolvent Debtor)",
        },
        {
            content: "Nothing is said of the kind before somebody says it",
            trigger: ".o_form_view .o_field_widget[name=kind] input:value(/^$/)",
            run: "click",
        },
        {
            content: "Choose the kind",
            trigger: ".o_select_menu_item:contains(edressement judiciaire)",
            run: "click",
        },
        writeDay("judgement_date", "2026-03-06"),
        writeDay("publication_date", "2026-03-13"),
        ...choose("representative_id", "Maître Durand", ".o_form_view"),
        {
            content: "Save it: everything stops",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The proceedings run",
            trigger: ".o_arrow_button_current[data-value=open]",
        },
        {
            content: "Look at the deadlines",
            trigger: ".o_notebook a[name=deadlines]",
            run: "click",
        },
        {
            content: "The day to act by is shown among the deadlines",
            trigger: ".o_field_widget[name=deadline_ids] .o_data_row td[name=article]:contains(L622-24)",
        },
        pressButton("action_record_step"),
        {
            content: "Ask which steps there are",
            trigger: ".modal .o_field_widget[name=code] input",
            run: "click",
        },
        {
            content: "Those that may follow are offered, and no other",
            trigger: ".o_select_menu_item",
            run() {
                const count = document.querySelectorAll(".o_select_menu_item").length;
                if (count !== STEPS_OF_RUNNING_REORGANISATION) {
                    throw new Error(`${count} steps are offered`);
                }
            },
        },
        {
            content: "Record none",
            trigger: ".modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "The dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
        pressButton("action_prepare_declaration"),
        {
            content: "The debt is listed as of the judgement",
            trigger: ".o_field_widget[name=line_ids] .o_data_row td[name=principal]:contains(1)",
        },
        {
            content: "Say in which capacity one signs",
            trigger: ".o_form_view .o_field_widget[name=signatory_quality] input",
            run: "edit Finance director && press Tab",
        },
        // Saved first: the chatter asks for its messages while nothing is printed.
        {
            content: "Save the words",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "They are saved",
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
        pressButton("action_print"),
        {
            content: "The document is kept with its hash",
            trigger: ".o_form_view .o_field_widget[name=document_hash]:not(:empty)",
        },
        pressButton("action_send"),
        ...attach("attachment_ids", "receipt.txt", "Accepted by the post"),
        {
            content: "Say why it was sent though the invoice has no document",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit Its copy went along on paper && press Tab",
        },
        ...applyDialog(),
        {
            content: "The declaration stays as it was sent",
            trigger: ".o_arrow_button_current[data-value=sent]",
        },
    ],
});
