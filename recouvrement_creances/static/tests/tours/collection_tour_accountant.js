import {
    addTour,
    agree,
    applyDialog,
    choose,
    openCollection,
    openCollectionMenu,
    pressButton,
} from "./collection_steps";

const row = (debtor) =>
    `.o_field_widget[name=action_ids] .o_data_row:has(td[name=debtor_id]:contains(${debtor}))`;

addTour("collection_tour_accountant", {
    steps: () => [
        ...openCollection(),
        ...openCollectionMenu("collection_run_menu"),
        {
            content: "Make a new run",
            trigger: ".o_list_button_add",
            run: "click",
        },
        pressButton("action_propose"),
        {
            content: "The run has become a proposal",
            trigger: ".o_arrow_button_current[data-value=proposed]",
        },
        {
            content: "What sending would do is said",
            trigger: ".o_field_widget[name=send_preview]:contains(3)",
        },
        {
            content: "Look at why the others are left alone",
            trigger: ".o_notebook a[name=counts]",
            run: "click",
        },
        {
            content: "The invoice that is not due is counted",
            trigger: ".o_field_widget[name=count_ids] .o_data_row:nth-of-type(2) td[name=verdict]",
        },
        {
            content: "Look at the proposal again",
            trigger: ".o_notebook a[name=actions]",
            run: "click",
        },
        // Leave one debtor out.
        {
            content: "Leave a debtor out",
            trigger: `${row("In Talks")} button[name=action_untick]`,
            run: "click",
        },
        ...choose("reason_id", "Talks under way", ".modal"),
        {
            content: "Tell colleagues why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: "edit The sales manager talks to them",
        },
        ...applyDialog(),
        {
            content: "The debtor is out of the proposal",
            trigger: `${row("In Talks")}:not(:has(button[name=action_untick]))`,
        },
        {
            content: "What sending would do is counted anew",
            trigger: ".o_field_widget[name=send_preview]:contains(2)",
        },
        // Send the rest.
        pressButton("action_send"),
        agree(),
        {
            content: "The run is done",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        {
            content: "What was sent is counted",
            trigger: ".o_field_widget[name=sent_count]:contains(2)",
        },
        {
            content: "Nothing is left to send",
            trigger: ".o_form_view:not(:has(button[name=action_send]))",
        },
    ],
});
