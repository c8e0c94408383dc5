// Whether two views are the same JSON value, and if not, where they differ first.

/**
 * The first difference of two JSON values: its path and both values as text; null if there is
 * none. Lists are compared with their order, objects without.
 */
export function difference(left, right, path = "$") {
  if (isList(left) && isList(right)) {
    const longest = Math.max(left.length, right.length);
    return first(Array.from({ length: longest }, (_, index) => [index, `${path}[${index}]`]));
  }
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return first([...names].map((name) => [name, `${path}.${name}`]));
  }
  return left === right ? null : { path, left: shown(left), right: shown(right) };

  function first(members) {
    for (const [name, place] of members) {
      const found = difference(left[name], right[name], place);
      if (found) return found;
    }
    return null;
  }
}

const isList = Array.isArray;

function isObject(value) {
  return value !== null && typeof value === "object" && !isList(value);
}

function shown(value) {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
