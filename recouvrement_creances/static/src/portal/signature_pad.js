import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Let the debtor draw a signature. Without it, or without a script, the typed name is the
 * signature: the pad is shown only where it works.
 */
export class SignaturePad extends Interaction {
    static selector = ".o_collection_pad";
    dynamicContent = {
        canvas: {
            "t-on-pointerdown": this.begin,
            "t-on-pointermove": this.draw,
            "t-on-pointerup": this.end,
            "t-on-pointerleave": this.end,
        },
        ".o_collection_pad_clear": { "t-on-click": this.clear },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.input = this.el.querySelector("input");
        this.canvas.style.touchAction = "none";
        this.isDrawing = false;
        this.el.classList.remove("d-none");
    }

    getPoint(ev) {
        const frame = this.canvas.getBoundingClientRect();
        return [
            ((ev.clientX - frame.left) * this.canvas.width) / frame.width,
            ((ev.clientY - frame.top) * this.canvas.height) / frame.height,
        ];
    }

    begin(ev) {
        this.isDrawing = true;
        const context = this.canvas.getContext("2d");
        context.lineWidth = 3;
        context.lineCap = "round";
        context.beginPath();
        context.moveTo(...this.getPoint(ev));
    }

    draw(ev) {
        if (!this.isDrawing) {
            return;
        }
        const context = this.canvas.getContext("2d");
        context.lineTo(...this.getPoint(ev));
        context.stroke();
    }

    end() {
        if (this.isDrawing) {
            this.isDrawing = false;
            this.input.value = this.canvas.toDataURL("image/png");
        }
    }

    clear() {
        this.canvas.getContext("2d").clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.input.value = "";
    }
}

registry
    .category("public.interactions")
    .add("recouvrement_creances.signature_pad", SignaturePad);
