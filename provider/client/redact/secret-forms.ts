// Finds remembered secrets in a text. The time depends on the length of the text, not on the number of secrets: an
// appliance may list tens of thousands of keys.

/** Each step of the tree below is this many characters. No secret is shorter. */
const step = 8;

interface Node {
  /** Where the next `step` characters lead. A text is the rest of the only secret on that way. */
  readonly children: Map<string, Node | string>;
  /** The ends of secrets that lead here: fewer than `step` characters, in one set for each length. */
  readonly ends: (Set<string> | undefined)[];
}

export class SecretForms {
  readonly #root = newNode();
  /** Marks how secrets begin. Most places of a text are not marked, and a look here costs less than one in a map. */
  readonly #beginnings = new Uint8Array(0x10000);

  /** Takes a text of at least eight characters. */
  add(form: string): void {
    this.#beginnings[beginningAt(form, 0)] = 1;
    let node: Node | undefined = this.#root;
    for (let at = 0; node !== undefined; at += step) node = addRest(node, form.slice(at));
  }

  /** Replaces each secret in the text, and secrets that overlap as one. */
  mask(text: string, mask: string): string {
    let result = "";
    let copied = 0;
    let from = 0;
    let to = 0;
    for (let at = 0; at + step <= text.length; at += 1) {
      const end = this.#beginnings[beginningAt(text, at)] === 1 ? this.#longestAt(text, at) : 0;
      if (end === 0) continue;
      if (at >= to) {
        if (to > 0) [result, copied] = [result + text.slice(copied, from) + mask, to];
        from = at;
      }
      to = Math.max(to, end);
    }
    return to === 0 ? text : result + text.slice(copied, from) + mask + text.slice(to);
  }

  /** Where the longest secret that starts here ends; 0 if there is none. */
  #longestAt(text: string, start: number): number {
    let longest = 0;
    let at = start + step;
    let node = this.#root.children.get(text.slice(start, at));
    while (typeof node === "object") {
      for (let length = 0; length < node.ends.length; length += 1) {
        if (node.ends[length]?.has(text.slice(at, at + length)) === true) longest = at + length;
      }
      node = node.children.get(text.slice(at, (at += step)));
    }
    return node !== undefined && text.startsWith(node, at) ? at + node.length : longest;
  }
}

/** A number of 16 bits made of the first, the fourth and the eighth character. */
function beginningAt(text: string, at: number): number {
  return (text.charCodeAt(at) * 961 + text.charCodeAt(at + 3) * 31 + text.charCodeAt(at + step - 1)) & 0xffff;
}

/** Adds the rest of a secret below this node, or returns the next node on its way. */
function addRest({ children, ends }: Node, rest: string): Node | undefined {
  if (rest.length < step) {
    (ends[rest.length] ??= new Set()).add(rest);
    return undefined;
  }
  const part = rest.slice(0, step);
  const next = children.get(part);
  if (next === undefined) {
    children.set(part, rest.slice(step));
    return undefined;
  }
  if (typeof next === "object") return next;
  if (next === rest.slice(step)) return undefined;
  const node = newNode();
  children.set(part, node);
  addRest(node, next);
  return node;
}

function newNode(): Node {
  return { children: new Map(), ends: [] };
}
