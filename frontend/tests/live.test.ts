import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

/** A browser's EventSource as far as the stream uses it. */
class Source extends EventTarget {
  static readonly CLOSED = 2;
  static opened: Source[] = [];
  readyState = 0;
  readonly url: string;

  constructor(url: URL | string) {
    super();
    this.url = String(url);
    Source.opened.push(this);
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }

  says(kind: string, number: number, content: unknown): void {
    this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(content), lastEventId: String(number) }));
  }

  breaks(state = 0): void {
    this.readyState = state;
    this.dispatchEvent(new Event("error"));
  }
}

let status = 200;
let place: EventTarget;

function newPage(since?: string): void {
  Source.opened = [];
  status = 200;
  place = new EventTarget();
  Object.assign(place, { setTimeout, clearTimeout });
  const meta = { content: "http://site:8001/live/events", dataset: since ? { since } : {} };
  const document = { baseURI: "http://site:8000/map/", querySelector: () => meta };
  Object.assign(globalThis, { window: place, document, EventSource: Source, reportError: () => {} });
  globalThis.fetch = (() => Promise.resolve({ status })) as unknown as typeof fetch;
}

const { isLoggedOut, listen, onReset, onState } = await import("../src/live");
const source = (): Source => Source.opened.at(-1) as Source;
const settle = () => new Promise((done) => setImmediate(done));

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  newPage();
});

test("all listeners share one stream, each hears its own kind until it stops", () => {
  const heard: unknown[] = [];
  const stop = listen<{ id: number }>("alarm", ({ id }, number) => heard.push(["first", id, number]));
  listen<{ id: number }>("alarm", ({ id }) => heard.push(["second", id]));
  listen("station", () => heard.push("station"));

  source().says("alarm", 5, { id: 1 });
  stop();
  source().says("alarm", 6, { id: 2 });

  assert.equal(Source.opened.length, 1);
  assert.deepEqual(heard, [["first", 1, 5], ["second", 1], ["second", 2]]);
});

test("a fault of one listener keeps nobody else from hearing", () => {
  const heard: string[] = [];
  listen("alarm", () => {
    throw new Error("broken");
  });
  listen("alarm", () => heard.push("still"));

  source().says("alarm", 5, {});

  assert.deepEqual(heard, ["still"]);
});

test("a page that knows its number streams from there", () => {
  newPage("41");
  listen("alarm", () => {});

  assert.equal(source().url, "http://site:8001/live/events?since=41");
});

test("the state is told at once and at each change", () => {
  const states: string[] = [];
  onState((state) => states.push(state));
  source().dispatchEvent(new Event("open"));
  source().says("hello", 7, { number: 7 });
  source().breaks();
  source().breaks();
  source().dispatchEvent(new Event("open"));
  onState((state) => states.push(`late ${state}`));

  assert.deepEqual(states, ["live", "lost", "live", "late live"]);
  assert.equal(Source.opened.length, 1); // the browser itself tries again
});

test("a refused stream is asked for again from the last number", async () => {
  listen("alarm", () => {});
  source().says("alarm", 9, {});
  source().breaks(Source.CLOSED);
  status = 503;
  mock.timers.tick(2_000);
  await settle();

  assert.equal(Source.opened.length, 2);
  assert.equal(source().url, "http://site:8001/live/events?since=9");
});

test("whoever is logged out is told so and the stream rests", async () => {
  const states: string[] = [];
  listen("alarm", () => {});
  onState((state) => states.push(`${state} ${isLoggedOut()}`));
  source().breaks(Source.CLOSED);
  status = 401;
  mock.timers.tick(2_000);
  await settle();
  mock.timers.tick(600_000);
  await settle();

  assert.deepEqual(states, ["lost false", "lost true"]);
  assert.equal(Source.opened.length, 1);
});

test("a line that fell silent is opened anew, a quiet one with signs of life is not", () => {
  listen("alarm", () => {});
  source().says("hello", 7, {});
  for (let beats = 0; beats < 20; beats += 1) {
    mock.timers.tick(15_000);
    source().says("beat", 7 + beats, {});
  }
  assert.equal(Source.opened.length, 1);

  mock.timers.tick(46_000);

  assert.equal(Source.opened.length, 2);
  assert.equal(source().url, "http://site:8001/live/events?since=26");
});

test("a reset is told, and the stream goes on from its number", () => {
  let resets = 0;
  onReset(() => (resets += 1));
  source().says("reset", 30, { number: 30 });
  mock.timers.tick(46_000);

  assert.equal(resets, 1);
  assert.ok(source().url.endsWith("?since=30"));
});

test("a page that is put away lets go of its line and takes it up when it is shown again", () => {
  listen("alarm", () => {});
  source().says("hello", 7, {});
  place.dispatchEvent(new Event("pagehide"));
  assert.equal(source().readyState, Source.CLOSED);

  place.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));

  assert.equal(Source.opened.length, 2);
});
