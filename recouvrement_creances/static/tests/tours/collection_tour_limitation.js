import { addTour, applyDialog, attach, openCollection, openLitigation } from "./collection_steps";

const ITEM = ".o_field_widget[name=limitation_item_ids] .o_data_row:first";

addTour("collection_tour_limitation", {
    steps: () => [
        ...openCollection(),
        ...openLitigation("collection_item_menu_limitation"),
        {
            content: "Only the claim that is near its end is listed",
            trigger:
                ".o_list_view:not(:contains(Young Claim)) .o_data_row:contains(Threatened Claim) td[name=limitation_date]:not(:empty)",
        },
        {
            content: "Open its case",
            trigger:
                ".o_list_view .o_data_row:contains(Threatened Claim) button[name=action_open_case]",
            run: "click",
        },
        {
            content: "The case warns of it",
            trigger: ".o_form_view .alert-warning .o_field_widget[name=limitation_near_count]",
        },
        {
            content: "Read on about limitation",
            trigger: ".o_form_view .o_notebook .nav-link[name=limitation]",
            run: "click",
        },
        {
            content: "Nothing has moved yet",
            trigger: `${ITEM} td[name=limitation_possible_date]:not(:empty):not(:contains(2028))`,
        },
        {
            content: "Note an event",
            trigger: ".o_form_view button[name=action_note_limitation]",
            run: "click",
        },
        {
            content: "The dialog shows what an acknowledgement of today would move",
            trigger: ".modal .o_field_widget[name=preview]:contains(2028)",
        },
        ...attach("attachment_ids", "acknowledgement.txt", "I owe this."),
        ...applyDialog(),
        {
            content: "The possible date has moved",
            trigger: `${ITEM} td[name=limitation_possible_date]:contains(2028)`,
        },
        {
            content: "The legal date has not",
            trigger: `${ITEM} td[name=limitation_date]:not(:empty):not(:contains(2028))`,
        },
        {
            content: "How it came about names the article",
            trigger: `${ITEM} td[name=limitation_explanation]:contains(2240)`,
        },
        {
            content: "The event is kept with the case",
            trigger:
                ".o_field_widget[name=limitation_event_ids] .o_data_row td[name=attachment_ids]:contains(acknowledgement.txt)",
        },
    ],
});
