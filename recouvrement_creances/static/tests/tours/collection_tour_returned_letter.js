import { addTour, applyDialog, pressButton } from "./collection_steps";

// Begins on the form of a registered letter that the post has brought back.
addTour("collection_tour_returned_letter", {
    steps: () => [
        {
            content: "The letter is a formal notice that waits for its presentation",
            trigger: ".o_form_view .o_field_widget[name=tracking_number]:contains(2C 123)",
        },
        pressButton("action_note_proof"),
        {
            content: "The address was wrong",
            trigger: ".modal .o_field_widget[name=event] input[data-value=returned]",
            run: "click",
        },
        ...applyDialog(),
        {
            content: "The letter has failed, and says why",
            trigger: ".o_form_view .alert-danger .o_field_widget[name=failure_reason]:not(:empty)",
        },
        {
            content: "What became of it is kept",
            trigger: ".o_form_view .o_field_widget[name=letter_outcome]:not(:empty)",
        },
        {
            content: "Open the case",
            trigger: ".o_form_view button[name=action_open_case]",
            run: "click",
        },
        {
            content: "The debtor has to be found",
            trigger: ".o-mail-Activity .fa-search",
        },
        {
            content: "What comes next is to deal with the failed letter",
            trigger: ".o_form_view .o_field_widget[name=next_step]:not(:empty)",
        },
    ],
});
