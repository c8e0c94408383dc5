// Which values of the answers an arm reads: those that the screen needs. Counted is as the
// comparison does, in a load from memory after the one that was timed.

const encoder = new TextEncoder();

/** A scalar value of an answer: its bytes are its own member's, `"name":value`. */
export class Leaf {
  used = false;

  constructor(name, value, source) {
    this.value = value;
    this.text = typeof value === "number" ? source ?? String(value) : JSON.stringify(value);
    const member = name === null ? this.text : `${JSON.stringify(name)}:${this.text}`;
    this.bytes = encoder.encode(member).length;
  }
}

/** The answer of a body, with a leaf in the place of each scalar. */
export function tree(text) {
  return JSON.parse(text, function withLeaves(name, value, context) {
    if (value !== null && typeof value === "object") return value;
    return new Leaf(Array.isArray(this) ? null : name, value, context?.source);
  });
}

/** All leaves below a node. */
export function leavesIn(node) {
  return node instanceof Leaf ? [node] : Object.values(node).flatMap(leavesIn);
}

/** The bytes of leaves, and of those that were used. */
export function bytesOf(leaves) {
  const sum = (some) => some.reduce((total, leaf) => total + leaf.bytes, 0);
  return { delivered: sum(leaves), used: sum(leaves.filter((leaf) => leaf.used)) };
}

/** The share that was not needed, 0 to 1. */
export function overFetch({ delivered, used }) {
  return delivered ? 1 - used / delivered : 0;
}

/** Have the arm load again from the exchanges' answers, and mark what it reads of them. */
export async function markUsed(arm, exchanges) {
  for (const exchange of exchanges) exchange.tree = tree(exchange.text);
  const view = await arm.load(new Replay(exchanges));
  JSON.stringify(view); // what is left of an answer in it is shown, too
}

/** What the screen could need of an exchange's answer: of GraphQL's, the data. */
export function contentOf(exchange) {
  return exchange.document ? exchange.tree.data : exchange.tree;
}

class Replay {
  #next = 0;

  constructor(exchanges) {
    this.exchanges = exchanges;
  }

  async get() {
    return this.#answer();
  }

  async getAll(requests) {
    return requests.map(() => this.#answer());
  }

  async query() {
    return this.#answer();
  }

  #answer() {
    const exchange = this.exchanges[this.#next];
    this.#next += 1;
    return watched(contentOf(exchange));
  }
}

/** The value in a form that reads like it and marks what is read of it. */
function watched(value) {
  if (value instanceof Leaf) {
    value.used = true;
    return value.value;
  }
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(target, name) {
      return Object.hasOwn(target, name) ? watched(target[name]) : target[name];
    },
  });
}
