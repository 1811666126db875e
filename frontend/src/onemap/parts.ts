/** The parts of the page that the template lays out, by their names. */

export class Parts {
  constructor(readonly root: HTMLElement) {}

  /** Return the part of that name. */
  part<Kind extends HTMLElement = HTMLElement>(name: string): Kind {
    const found = this.root.querySelector<Kind>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the page has no part ${name}`);
    return found;
  }

  /** Call this when a tool of that name is pressed. */
  on(name: string, act: (button: HTMLElement) => void): void {
    this.root.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>(`[data-tool="${name}"]`);
      if (button) act(button);
    });
  }

  /** Show that the tool is in use. */
  press(name: string, isPressed: boolean): void {
    this.root.querySelectorAll(`[data-tool="${name}"][aria-pressed]`).forEach((button) => button.setAttribute("aria-pressed", String(isPressed)));
  }
}
