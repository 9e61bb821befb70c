import {
    addTour,
    applyDialog,
    attach,
    choose,
    leaveByButton,
    openCollection,
    openLitigation,
    pressButton,
} from "./collection_steps";

const FEES = ".o_field_widget[name=deadline_ids] .o_data_row:contains(1425)";

/** Wait until the proceeding stands in a state. */
function isNow(state) {
    return {
        content: `It is ${state}`,
        trigger: `.o_arrow_button_current[data-value=${state}]`,
    };
}

/** Look at a page of the form's notebook. */
function openPage(name) {
    return {
        content: `Look at ${name}`,
        trigger: `.o_notebook a[name=${name}]`,
        run: "click",
    };
}

/** Record a step of the procedure with its document; a day only when it was not today. */
function recordStep(name, day) {
    const onDay = [
        {
            content: "Today is proposed",
            trigger: ".modal .o_field_widget[name=date] button",
            run: "click",
        },
        {
            content: "Write the day of the step",
            trigger: ".modal .o_field_widget[name=date] input",
            run: `edit ${day} && press Tab`,
        },
    ];
    return [
        pressButton("action_record_step"),
        ...choose("step_id", name, ".modal"),
        ...(day ? onDay : []),
        ...attach("attachment_ids", `${name}.txt`, name),
        ...applyDialog(),
    ];
}

addTour("collection_tour_proceeding", {
    steps: () => [
        ...openCollection(),
        ...openLitigation("collection_handover_menu"),
        {
            content: "Open what was approved",
            trigger: ".o_list_view .o_data_row:contains(Silent Debtor) td[name=route_code]",
            run: "click",
        },
        ...leaveByButton("action_start_proceeding"),
        {
            content: "It is about the items of the handover",
            trigger: ".o_form_view .o_field_widget[name=item_ids] .o_tag",
        },
        ...recordStep("Tour filed", "2026-01-20"),
        isNow("filed"),
        openPage("deadlines"),
        {
            content: "Close the deadline of the fees",
            trigger: `${FEES} button[name=action_close]`,
            run: "click",
        },
        ...attach("attachment_ids", "fees.txt", "Paid to the clerk"),
        ...applyDialog(),
        {
            content: "It is closed",
            trigger: `${FEES}:not(:has(button[name=action_close]))`,
        },
        ...recordStep("Tour order", "2026-02-02"),
        isNow("granted"),
        {
            content: "The time to serve the order runs",
            trigger:
                ".o_field_widget[name=deadline_ids] .o_data_row:contains(1411) button[name=action_close]",
        },
        ...recordStep("Tour served", "2026-02-05"),
        isNow("served"),
        ...recordStep("Tour title"),
        isNow("enforceable"),
        {
            content: "Since when there is a title is shown",
            trigger: ".o_form_view .o_field_widget[name=title_date]:not(:empty)",
        },
        openPage("receipts"),
        {
            content: "Note what the commissaire de justice received",
            trigger: ".o_field_widget[name=receipt_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Write the amount",
            trigger: ".o_field_widget[name=receipt_ids] .o_selected_row td[name=amount] input",
            run: "edit 1000",
        },
        {
            content: "Write what was kept back",
            trigger: ".o_field_widget[name=receipt_ids] .o_selected_row td[name=fee] input",
            run: "edit 100",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "What is paid over is worked out",
            trigger: ".o_field_widget[name=receipt_ids] td[name=amount_net]:contains(900)",
        },
        {
            content: "Nothing is left to save",
            trigger: ".o_form_view .o_form_saved, .o_form_view:not(:has(.o_form_button_save:visible))",
        },
    ],
});

addTour("collection_tour_proceeding_correct", {
    steps: () => [
        ...openCollection(),
        ...openLitigation("collection_proceeding_menu"),
        {
            content: "Open the proceeding",
            trigger: ".o_list_view .o_data_row:contains(Silent Debtor) td[name=procedure_id]",
            run: "click",
        },
        isNow("enforceable"),
        {
            content: "Take the last step back",
            trigger: ".o_field_widget[name=event_ids] button[name=action_undo]",
            run: "click",
        },
        {
            content: "Say what was wrong",
            trigger: ".modal .o_field_widget[name=reason] textarea",
            run: "edit The clerk has not put the formula on it",
        },
        ...applyDialog(),
        isNow("served"),
        {
            content: "Both entries stay",
            trigger:
                ".o_field_widget[name=event_ids]:has(.o_data_row:nth-of-type(5)) td[name=correction] .badge:not(:empty)",
        },
    ],
});
