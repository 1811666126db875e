/** Lists that never scroll and never grow: as many lines as there is room for, turned over page by page. */

export class TurningList {
  private lines: readonly HTMLElement[] = [];
  private from = 0;
  private shown = 0;
  private total = 0;

  constructor(
    private readonly place: HTMLElement,
    private readonly page: HTMLElement | null = null,
    private readonly isTurning = true,
  ) {}

  /** Show these lines, the first of so many, from the first. */
  fill(lines: readonly HTMLElement[], total = lines.length): void {
    this.lines = lines;
    this.total = total;
    if (this.from >= lines.length) this.from = 0;
    this.show();
  }

  /** Turn to the lines that had no room; after the last, back to the first. */
  turn(): void {
    if (!this.isTurning || this.shown >= this.lines.length) return;
    this.from = this.from + this.shown < this.lines.length ? this.from + this.shown : 0;
    this.show();
  }

  /** Lay out anew after the room changed. */
  fit(): void {
    this.from = 0;
    this.show();
  }

  private show(): void {
    const wanted = this.lines.slice(this.from);
    this.place.replaceChildren(...wanted);
    const { bottom } = this.place.getBoundingClientRect();
    const fits = wanted.findIndex((line) => line.getBoundingClientRect().bottom > bottom + 1);
    this.shown = fits < 0 ? wanted.length : Math.max(1, fits);
    wanted.slice(this.shown).forEach((line) => line.remove());
    this.tell();
  }

  private tell(): void {
    if (!this.page) return;
    const isWhole = this.shown >= this.total;
    const last = this.from + this.shown;
    this.page.textContent = isWhole ? (this.total ? String(this.total) : "") : `${this.from + 1}–${last} / ${this.total}`;
  }
}
