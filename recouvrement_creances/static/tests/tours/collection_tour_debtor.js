import { registry } from "@web/core/registry";

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

/** Pay the oldest document by Odoo's demo provider. */
const payOnline = [
    goTo("pay"),
    {
        content: "Keep the oldest document only",
        trigger: ".o_collection_portal .form-check:nth-of-type(2) input[name=item]",
        run: "click",
    },
    send("/pay"),
    {
        content: "Take the demo provider",
        trigger: '#o_payment_form input[name="o_payment_radio"]',
        run() {
            this.anchor.click();
        },
    },
    {
        content: "Give a card that is none",
        trigger: "#o_payment_form #customer_input",
        run: "edit 4242424242424242",
    },
    {
        content: "Pay",
        trigger: "#o_payment_form [name=o_payment_submit_button]:enabled, [name=o_payment_submit_button]:enabled",
        run: "click",
        expectUnloadPage: true,
    },
    {
        content: "Back on the account",
        trigger: ".o_collection_portal .alert-success[role=status]",
        timeout: 40000,
    },
];

/** Give a new address. */
const giveAddress = [
    goTo("contact"),
    type("street", "2 New Street"),
    type("city", "Lyon"),
    send("/contact"),
    done,
];

registry.category("web_tour.tours").add("collection_tour_debtor", {
    steps: () => [
        {
            content: "The account is shown",
            trigger: ".o_collection_portal .o_collection_items details summary",
            run: "click",
        },
        ...giveAddress,
        ...payOnline,
    ],
});
