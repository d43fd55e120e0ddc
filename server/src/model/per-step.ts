/** Answers about a step that hold in every version of the document in which its text and the state before it are the same. */
import type { InstructionBody } from '../syntax/tree';
import type { Step } from './model';

interface Answer<Value> {
  readonly state: number;
  readonly isWindows: boolean;
  readonly value: Value;
}

/**
 * Keeps what a function says of a step. The function may look at the instruction's own text and at the state before it, not
 * at its place, its neighbours or its stage: the answer is used again in later versions of the document.
 */
export function perStep<S extends Step, Value>(ask: (step: S) => Value): (step: S) => Value {
  const answers = new WeakMap<InstructionBody, Answer<Value>>();
  return (step) => {
    const { body, before, stage } = step;
    const known = answers.get(body);
    if (known && known.state === before.key && known.isWindows === stage.isWindows) return known.value;
    const value = ask(step);
    answers.set(body, { state: before.key, isWindows: stage.isWindows, value });
    return value;
  };
}
