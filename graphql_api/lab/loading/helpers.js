// What the arms need of Python.

/** The results for all values, each asked for after the one before it has come. */
export async function inTurn(values, ask) {
  const results = [];
  for (const value of values) results.push(await ask(value));
  return results;
}

/** Pairs of members; as many of one list as of the other. */
export function zip(left, right) {
  if (left.length !== right.length) {
    throw new Error(`${left.length} values were asked for, ${right.length} came`);
  }
  return left.map((value, index) => [value, right[index]]);
}
