import { registry } from "@web/core/registry";
import { FormCompiler } from "@web/views/form/form_compiler";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { StatusBarButtons } from "@web/views/form/status_bar_buttons/status_bar_buttons";

/** What a button of a header carries that is shown under "Other actions". */
const RARE = "o_collection_rare";
/** So many buttons have room side by side: nothing has to be looked for in a menu. */
const ROOM = 5;

/** The buttons of a header: the frequent ones side by side, the rare ones in a menu. */
class CollectionStatusBarButtons extends StatusBarButtons {
    static template = "recouvrement_creances.StatusBarButtons";

    get frequentSlotNames() {
        return this.visibleSlotNames.filter((name) => !this.props.slots[name].isRare);
    }

    get rareSlotNames() {
        const names = this.visibleSlotNames;
        return names.length > ROOM ? names.filter((name) => this.props.slots[name].isRare) : [];
    }

    /** Press the button of an entry: the mouse has done it already, the keyboard has not. */
    onSelected(ev) {
        if (ev.target === ev.currentTarget) {
            ev.currentTarget.querySelector("button")?.click();
        }
    }
}

class CollectionFormCompiler extends FormCompiler {
    compileHeader() {
        const header = super.compileHeader(...arguments);
        for (const button of header.querySelectorAll("ViewButton")) {
            if ((button.getAttribute("className") || "").includes(RARE)) {
                button.parentElement.setAttribute("isRare", "true");
            }
        }
        return header;
    }
}

class CollectionFormRenderer extends FormRenderer {
    static components = {
        ...FormRenderer.components,
        StatusBarButtons: CollectionStatusBarButtons,
    };
}

registry.category("views").add("collection_form", {
    ...formView,
    Compiler: CollectionFormCompiler,
    Renderer: CollectionFormRenderer,
});
