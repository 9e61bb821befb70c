import { rpcBus } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

// What the web client has asked the server, and not been answered yet.
const asked = new Set();

rpcBus.addEventListener("RPC:REQUEST", ({ detail }) => {
    asked.add(detail.data.id);
    document.body.dataset.collectionAsked = asked.size;
});
rpcBus.addEventListener("RPC:RESPONSE", ({ detail }) => {
    asked.delete(detail.data.id);
    if (!asked.size) {
        delete document.body.dataset.collectionAsked;
    }
});

/** Wait for all answers.
 *
 * A person sees a form come to rest before the next field is filled in. A tour does not: what it
 * writes while an onchange is under way is drawn over by its answer, or a button is pressed that
 * the answer replaces.
 */
const atRest = {
    content: "The server has answered",
    trigger: "body:not([data-collection-asked])",
};

/** Register a tour that comes to rest after all that it does. */
export function addTour(name, { steps }) {
    registry.category("web_tour.tours").add(name, {
        steps: () => steps().flatMap((step) => (step.run ? [step, atRest] : [step])),
    });
}

/** Name the external id of something of this add-on. */
const xmlid = (name) => `recouvrement_creances.${name}`;

const SHOWN = ".o_action_manager > .o_action";

/** Do a step that opens another action, and wait for it.
 *
 * What is shown until then may answer to the next step as well: the worklist has a row of the
 * same debtor as the list of disputes.
 */
function leaveBy(step) {
    return [
        {
            ...step,
            run({ click }) {
                for (const action of document.querySelectorAll(SHOWN)) {
                    action.dataset.collectionLeft = "";
                }
                return click();
            },
        },
        {
            content: "Another screen has come",
            trigger: `${SHOWN}:not([data-collection-left])`,
        },
    ];
}

/** Open a menu of the bar. */
function openMenu(menu) {
    return {
        content: `Open the menu ${menu}`,
        trigger: `.o_menu_sections [data-menu-xmlid="${menu}"]`,
        run: "click",
    };
}

/** Open the application, as a person does after logging in. */
export function openCollection() {
    const steps = stepUtils.goToAppSteps(xmlid("collection_menu_root"), "Open the application");
    return steps.flatMap((step) => (step.trigger.includes(".o_app[") ? leaveBy(step) : [step]));
}

/** Open one of the application's menus, by the last part of its external id. */
export function openCollectionMenu(name) {
    return leaveBy(openMenu(xmlid(name)));
}

/** Open an entry of one of the menus of the bar. */
function openEntry(menu, name) {
    return [
        openMenu(xmlid(menu)),
        ...leaveBy({
            content: `Open ${name}`,
            trigger: `.o-dropdown--menu [data-menu-xmlid="${xmlid(name)}"]`,
        }),
    ];
}

/** Open an entry of the configuration menu. */
export function openConfiguration(name) {
    return openEntry("collection_configuration_menu", name);
}

/** Open an entry of the menu of what is agreed on with debtors. */
export function openNegotiation(name) {
    return openEntry("collection_negotiation_menu", name);
}

/** Open an entry of the menu of litigation. */
export function openLitigation(name) {
    return openEntry("collection_litigation_menu", name);
}

/** Press a button of the form's header. */
export function pressButton(name) {
    return {
        content: `Press ${name}`,
        trigger: `.o_form_view:not(.modal .o_form_view) .o_statusbar_buttons button[name=${name}]`,
        run: "click",
    };
}

/** Press a button of the form's header that stands under "Other actions". */
export function pressRareButton(name) {
    return [
        {
            content: "Open the other actions",
            trigger: ".o_statusbar_buttons .o_collection_more",
            run: "click",
        },
        {
            content: `Press ${name}`,
            trigger: `.o-dropdown--menu button[name=${name}]`,
            run: "click",
        },
    ];
}

/** Press a button of the form's header that leads to another screen. */
export function leaveByButton(name) {
    return leaveBy(pressButton(name));
}

/** Agree to what a confirmation asks. */
export function agree() {
    return {
        content: "Agree",
        trigger: ".modal:not(:has(.o_form_view)) .modal-footer .btn-primary",
        run: "click",
    };
}

/** Press the button of a dialog that applies it, and wait until it is gone. */
export function applyDialog(button = "button[name=action_apply]") {
    return [
        {
            content: "Apply the dialog",
            trigger: `.modal .modal-footer ${button}`,
            run: "click",
        },
        {
            content: "The dialog is gone",
            trigger: "body:not(:has(.modal))",
        },
    ];
}

/** Choose a record of a many2one by the name that the test gave it. */
export function choose(field, name, root = "") {
    return [
        {
            content: `Look for ${name}`,
            trigger: `${root} .o_field_widget[name=${field}] input`,
            run: `edit ${name}`,
        },
        {
            content: `Choose ${name}`,
            trigger: `.o-autocomplete--dropdown-item:not(.o_m2o_dropdown_option):contains(${name})`,
            run: "click",
        },
    ];
}

/** Open what somebody else asked for from one's activities: the clock of the bar, then the row. */
export function openActivity(model, debtor) {
    return [
        {
            content: "Look at one's activities",
            trigger: ".o_menu_systray button:has(.fa-clock-o)",
            run: "click",
        },
        ...leaveBy({
            content: `Open those on ${model}`,
            trigger: `.o-mail-ActivityGroup[data-model_name="${model}"]`,
        }),
        {
            content: `Open that of ${debtor}`,
            trigger: `.o_list_view .o_data_row:contains(${debtor}) .o_data_cell:first`,
            run: "click",
        },
    ];
}

/** Decide on a request in the dialog of its button: approve or refuse, and say why. */
export function decide(decision, note) {
    return [
        pressButton("action_decide"),
        {
            content: `Choose to ${decision}`,
            trigger: `.modal .o_field_widget[name=decision] input[data-value=${decision}]`,
            run: "click",
        },
        {
            content: "Say why",
            trigger: ".modal .o_field_widget[name=note] textarea",
            run: `edit ${note}`,
        },
        ...applyDialog(),
    ];
}

/** Give a file to a field that holds one. */
export function upload(field, name, text, type) {
    return [
        {
            content: `Give ${name}`,
            trigger: `.modal .o_field_widget[name=${field}] .o_select_file_button`,
            run() {
                const input = document.querySelector(
                    `.modal .o_field_widget[name=${field}] input[type=file]`
                );
                const files = new DataTransfer();
                files.items.add(new File([text], name, { type }));
                input.files = files.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        {
            content: `${name} is there`,
            trigger: `.modal .o_field_widget[name=${field}] .o_clear_file_button`,
        },
    ];
}

/** Attach a text file through the button of a field for files. */
export function attach(field, name, text) {
    return [
        {
            content: `Attach ${name}`,
            trigger: `.modal .o_field_widget[name=${field}] .o_attach`,
            run() {
                const input = document.querySelector(
                    `.modal .o_field_widget[name=${field}] input[type=file]`
                );
                const files = new DataTransfer();
                files.items.add(new File([text], name, { type: "text/plain" }));
                input.files = files.files;
                input.dispatchEvent(new Event("change"));
            },
        },
        {
            content: `${name} is attached`,
            trigger: `.modal .o_field_widget[name=${field}] .o_attachment:contains(${name})`,
        },
    ];
}
