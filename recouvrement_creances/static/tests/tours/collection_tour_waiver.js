import { addTour, decide, openActivity, openCollection } from "./collection_steps";

addTour("collection_tour_waiver", {
    steps: () => [
        ...openCollection(),
        ...openActivity("collection.waiver", "Generous Debtor"),
        {
            content: "Who asked is told",
            trigger: ".o_field_widget[name=create_uid]:contains(accountant)",
        },
        ...decide("approve", "A customer of thirty years"),
        {
            content: "It is booked",
            trigger: ".o_arrow_button_current[data-value=done]",
        },
        ...openActivity("collection.waiver", "Greedy Debtor"),
        ...decide("refuse", "They can pay"),
        {
            content: "It is refused",
            trigger: ".o_arrow_button_current[data-value=refused]",
        },
    ],
});
