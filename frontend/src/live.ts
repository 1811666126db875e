/** Live news: one stream a page, shared by all that listen. */

export type LiveState = "live" | "lost";
type Handler = (content: never, number: number) => void;
type Ended = () => void;

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;
/** The server beats every 15 s; after so long without a sign the line is dead, whatever the browser thinks of it. */
const SILENCE_MS = 45_000;

class Stream {
  state: LiveState | null = null;
  isOut = false;
  private source: EventSource | null = null;
  private last = "";
  private wait = FIRST_WAIT_MS;
  private retry = 0;
  private silence = 0;
  private readonly handlers = new Map<string, Set<Handler>>();
  private readonly resets = new Set<() => void>();
  private readonly watchers = new Set<(state: LiveState) => void>();

  constructor(
    private readonly url: string,
    since: string,
  ) {
    this.last = since;
    window.addEventListener("pagehide", () => this.close());
    window.addEventListener("pageshow", (moment) => moment.persisted && this.open());
    window.addEventListener("online", () => this.state === "lost" && !this.isOut && this.open());
  }

  listen(kind: string, handler: Handler): Ended {
    if (!this.handlers.has(kind)) {
      this.handlers.set(kind, new Set());
      this.source?.addEventListener(kind, this.receive);
    }
    this.handlers.get(kind)?.add(handler);
    this.start();
    return () => void this.handlers.get(kind)?.delete(handler);
  }

  onReset(handler: () => void): Ended {
    this.resets.add(handler);
    this.start();
    return () => void this.resets.delete(handler);
  }

  onState(handler: (state: LiveState) => void): Ended {
    this.watchers.add(handler);
    if (this.state) handler(this.state);
    this.start();
    return () => void this.watchers.delete(handler);
  }

  private start(): void {
    if (!this.source && !this.retry && !this.isOut && this.url) this.open();
  }

  private open(): void {
    this.close();
    const address = new URL(this.url, document.baseURI);
    if (this.last) address.searchParams.set("since", this.last);
    const source = new EventSource(address, { withCredentials: true });
    this.source = source;
    source.addEventListener("open", () => this.hear());
    source.addEventListener("hello", this.note);
    source.addEventListener("beat", this.note);
    source.addEventListener("reset", this.reset);
    source.addEventListener("error", () => this.lose(source));
    for (const kind of this.handlers.keys()) source.addEventListener(kind, this.receive);
    this.await();
  }

  private close(): void {
    this.source?.close();
    this.source = null;
    window.clearTimeout(this.silence);
    window.clearTimeout(this.retry);
    this.retry = 0;
  }

  /** Note that the line lives. */
  private hear(): void {
    this.wait = FIRST_WAIT_MS;
    this.tell("live");
    this.await();
  }

  private await(): void {
    window.clearTimeout(this.silence);
    this.silence = window.setTimeout(() => {
      this.tell("lost");
      this.open();
    }, SILENCE_MS);
  }

  private readonly note = (event: MessageEvent<string>): void => {
    if (event.lastEventId) this.last = event.lastEventId;
    this.hear();
  };

  private readonly receive = (event: MessageEvent<string>): void => {
    this.note(event);
    const content = JSON.parse(event.data) as never;
    for (const handler of this.handlers.get(event.type) ?? []) guarded(() => handler(content, Number(event.lastEventId)));
  };

  private readonly reset = (event: MessageEvent<string>): void => {
    this.note(event);
    this.resets.forEach(guarded);
  };

  /** The browser tries again by itself while the source is connecting; a refused one it gives up, and we ask why. */
  private lose(source: EventSource): void {
    if (source !== this.source) return;
    this.tell("lost");
    if (source.readyState !== EventSource.CLOSED) return;
    this.close();
    const wait = this.wait;
    this.wait = Math.min(2 * wait, LONGEST_WAIT_MS);
    this.retry = window.setTimeout(() => void this.askAgain(), wait * (0.5 + Math.random()));
  }

  private async askAgain(): Promise<void> {
    this.retry = 0;
    try {
      const answer = await fetch(this.url, { method: "HEAD", credentials: "include" });
      this.isOut = answer.status === 401;
    } catch {
      // No connection yet.
    }
    if (this.isOut) this.tell("lost", true);
    else this.open();
  }

  private tell(state: LiveState, isNews = state !== this.state): void {
    this.state = state;
    if (isNews) this.watchers.forEach((watcher) => guarded(() => watcher(state)));
  }
}

/** Run it; its fault is told to the console and keeps nobody else from hearing. */
function guarded(work: () => void): void {
  try {
    work();
  } catch (fault) {
    reportError(fault);
  }
}

/** Return the page's stream. Islands are built apart from each other: they meet at the window. */
function stream(): Stream {
  const key = Symbol.for("anlan.live");
  const place = window as unknown as Record<symbol, Stream | undefined>;
  const told = document.querySelector<HTMLMetaElement>('meta[name="live"]');
  return (place[key] ??= new Stream(told?.content ?? "", told?.dataset["since"] ?? ""));
}

/** Hear every event of the kind; returns how to stop. The content is what the publisher gave. */
export function listen<Content>(kind: string, handler: (content: Content, number: number) => void): Ended {
  return stream().listen(kind, handler);
}

/** Be told that events were missed for good: load the picture anew. */
export function onReset(handler: () => void): Ended {
  return stream().onReset(handler);
}

/** Be told at once, and at each change, whether the line is there. */
export function onState(handler: (state: LiveState) => void): Ended {
  return stream().onState(handler);
}

/** Tell whether the person was logged out: the stream does not try again then. */
export function isLoggedOut(): boolean {
  return stream().isOut;
}
