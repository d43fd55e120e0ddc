/** Sets `--chown` or `--chmod` of a COPY. */
import type { CopyStep } from '../model/model';
import { insert, replace } from './edits';
import type { Edit } from './rule';

/** The edit that gives a COPY or ADD a flag of this value, in place of the one it has. */
export function setFlag(copy: CopyStep, name: 'chown' | 'chmod', value: string): Edit {
  const { flags, keywordSpan } = copy.body;
  const own = flags.find((flag) => flag.name === name);
  if (own) return replace(copy.at(own.span), `--${name}=${value}`);
  return insert(copy.at(flags.at(-1)?.span ?? keywordSpan).end, ` --${name}=${value}`);
}
