import { addTour } from "./collection_steps";

/** Go to a part of the page by its menu. */
function goTo(part) {
    return {
        content: `Go to ${part}`,
        trigger: `.o_collection_portal nav a[href$="/${part}"]`,
        run: "click",
        expectUnloadPage: true,
    };
}

/** Send the form that is shown. */
function send(form) {
    return {
        content: `Send ${form}`,
        trigger: `.o_collection_portal form[action$="${form}"] button[type=submit]`,
        run: "click",
        expectUnloadPage: true,
    };
}

/** Type into a field. */
function type(name, text) {
    return {
        content: `Type ${name}`,
        trigger: `.o_collection_portal [name=${name}]`,
        run: `edit ${text}`,
    };
}

const done = { content: "It was taken", trigger: ".o_collection_portal .alert-success[role=status]" };

/** Tick one document of those shown, by its place; all of them are ticked to begin with. */
function keepTicked(place, count) {
    return Array.from({ length: count }, (_, index) => index + 1)
        .filter((other) => other !== place)
        .map((other) => ({
            content: `Untick document ${other}`,
            trigger: `.o_collection_portal fieldset .form-check:nth-of-type(${other}) input[name=item]`,
            run: "click",
        }));
}

/** Give a day. */
function setDay(name, day) {
    return {
        content: `Give ${name}`,
        trigger: `.o_collection_portal input[name=${name}]`,
        run() {
            this.anchor.value = day;
        },
    };
}

/** Give a new address. */
const giveAddress = [
    goTo("contact"),
    type("street", "2 New Street"),
    type("city", "Lyon"),
    send("/contact"),
    done,
];

/** Pay the oldest document by Odoo's demo provider. */
const payOnline = [
    goTo("pay"),
    ...keepTicked(1, 4),
    send("/pay"),
    {
        content: "Give a card that is none",
        trigger: "#o_payment_form #customer_input",
        run: "edit 4242424242424242",
    },
    {
        content: "Pay",
        trigger: "button[name=o_payment_submit_button]:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    { ...done, content: "Back on the account", timeout: 40000 },
];

/** Tell the date on which the second of three documents is paid. */
const promise = [
    goTo("promise"),
    ...keepTicked(2, 3),
    setDay("date", "2026-03-26"),
    type("note", "After the fair"),
    send("/promise"),
    done,
];

/** Dispute a part of the last document. */
const dispute = [
    goTo("dispute"),
    {
        content: "Tick the last document",
        trigger: ".o_collection_portal fieldset .form-check:nth-of-type(3) input[name=item]",
        run: "click",
    },
    {
        content: "Choose what it is about",
        trigger: ".o_collection_portal select[name=category]",
        run: "selectByIndex 1",
    },
    type("amount", "40"),
    type("description", "Two boxes were broken"),
    send("/dispute"),
    done,
];

/** Ask for a schedule of the first document, and sign it in words. */
const schedule = [
    goTo("schedule"),
    ...keepTicked(1, 3),
    type("count", "5"),
    setDay("first_date", "2026-04-01"),
    send("/schedule"),
    {
        content: "Agree",
        trigger: ".o_collection_portal input[name=agreed]",
        run: "click",
    },
    type("typed_amount", "cinq cents dollars"),
    type("signer_name", "Alice Debtor"),
    {
        content: "The signature may be drawn",
        trigger: ".o_collection_portal .o_collection_pad:not(.d-none) canvas",
    },
    send("/sign"),
    done,
];

addTour("collection_tour_debtor", {
    steps: () => [
        {
            content: "The account is shown",
            trigger: ".o_collection_portal .o_collection_items details summary",
            run: "click",
        },
        ...giveAddress,
        ...payOnline,
        ...promise,
        ...dispute,
        ...schedule,
    ],
});
