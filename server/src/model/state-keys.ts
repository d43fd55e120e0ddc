/** Numbers for what holds before a step: equal numbers mean equal state, so that what was found under it can be kept. */
import type { InstructionBody } from '../syntax/tree';

const bodyIds = new WeakMap<InstructionBody, number>();
const successors = new Map<string, number>();
let lastId = 0;

/** Above this many remembered successions they are forgotten; keys given out later are new ones, never wrong ones. */
const maximumSuccessors = 20_000;

/** The key of a state in which nothing but a description is known; equal descriptions, equal keys. */
export function stateKey(description: string): number {
  return remember(description);
}

/** The key of the state that an instruction makes of another. */
export function nextStateKey(key: number, body: InstructionBody): number {
  let id = bodyIds.get(body);
  if (id === undefined) {
    id = ++lastId;
    bodyIds.set(body, id);
  }
  return remember(`${key}+${id}`);
}

function remember(succession: string): number {
  let key = successors.get(succession);
  if (key === undefined) {
    if (successors.size >= maximumSuccessors) successors.clear();
    key = ++lastId;
    successors.set(succession, key);
  }
  return key;
}
