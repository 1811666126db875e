/** A dangerous step says first what will happen: `data-confirm` on a form, a button or a link. */

import { t } from "../words";

const confirmed = new WeakSet<Event | HTMLElement>();

function button(text: string, className: string): HTMLButtonElement {
  const made = document.createElement("button");
  made.type = "button";
  made.className = className;
  made.textContent = text;
  return made;
}

/** Ask, and return whether the person agreed. */
function ask(text: string, label: string): Promise<boolean> {
  const dialog = document.createElement("dialog");
  dialog.className = "confirm-dialog";
  const words = document.createElement("p");
  words.id = "confirm-words";
  words.textContent = text;
  dialog.setAttribute("aria-labelledby", words.id);
  const row = document.createElement("div");
  row.className = "confirm-buttons";
  const cancel = button(t("Cancel"), "btn");
  const agree = button(label || t("Go on"), "btn btn-danger");
  row.append(cancel, agree);
  dialog.append(words, row);
  document.body.append(dialog);
  dialog.showModal();
  cancel.focus();
  return new Promise((resolve) => {
    cancel.addEventListener("click", () => dialog.close());
    agree.addEventListener("click", () => dialog.close("yes"));
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

async function stopAndAsk(event: Event, asked: HTMLElement, trigger: HTMLElement | null): Promise<void> {
  event.preventDefault();
  event.stopImmediatePropagation();
  const label = asked.dataset["confirmLabel"] ?? trigger?.textContent?.trim() ?? "";
  if (!(await ask(asked.dataset["confirm"] ?? "", label))) return;
  confirmed.add(asked);
  if (asked instanceof HTMLFormElement) asked.requestSubmit(trigger instanceof HTMLButtonElement ? trigger : null);
  else asked.click();
}

export function startConfirming(): void {
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!form.dataset["confirm"] || confirmed.delete(form)) return;
      void stopAndAsk(event, form, event.submitter);
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      const asked = (event.target as Element).closest<HTMLElement>("a[data-confirm], button[data-confirm]");
      if (!asked || confirmed.delete(asked)) return;
      void stopAndAsk(event, asked, asked);
    },
    true,
  );
}
