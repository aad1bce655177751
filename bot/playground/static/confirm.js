// "Are you sure?", asked the way the app wrote it.

import { h, uniqueId } from "./dom.js";
import { mrkdwn, plain } from "./mrkdwn.js";

/** Resolves to true when the person confirms. */
export function confirm(wording, scene) {
  const title = uniqueId("confirm");
  const text = wording.text?.type === "mrkdwn" ? mrkdwn(wording.text.text, scene) : plain(wording.text?.text, scene);
  const dialog = h("dialog", { class: "dialog small", "aria-labelledby": title },
    h("form", { method: "dialog", class: "dialog-form" },
      h("header", { class: "dialog-head" }, h("h2", { id: title }, plain(wording.title?.text ?? "Are you sure?", scene))),
      h("div", { class: "dialog-body" }, h("p", {}, text)),
      h("footer", { class: "dialog-foot" },
        h("button", { class: "button", value: "no" }, plain(wording.deny?.text ?? "Cancel", scene)),
        h("button", { class: `button ${wording.style === "danger" ? "danger" : "primary"}`, value: "yes" }, plain(wording.confirm?.text ?? "Yes", scene))),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
