/** Builds an image and tells of each step whether it ran or was taken from the cache. */
import { dockerfileName, type Message, parseMessages } from './build';
import { ask } from './daemon';
import type { Builder, Engine } from './engine';
import { fieldsOf, readFields } from './protobuf';
import { type NewFiles, writeTar } from './tar-write';

export interface StepOutcome {
  /** Of BuildKit: the stage's name, '' in a file of one stage. The legacy builder counts over all stages: ''. */
  readonly stage: string;
  /** From 1, as the builder counts: FROM is the first of a stage, or of the file with the legacy builder. */
  readonly number: number;
  readonly text: string;
  readonly ran: boolean;
  /** The builder said so; BuildKit does not of steps that nothing needed because a later one was in the cache. */
  readonly cached: boolean;
}

export interface StepsBuild {
  readonly steps: readonly StepOutcome[];
  /** Why the build failed; undefined where it did not. */
  readonly error: string | undefined;
}

export interface StepsOptions {
  readonly builder: Builder;
  readonly context: NewFiles;
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  readonly name: string;
}

/** Builds with the cache as it is. Nothing is removed: the caller does that. */
export async function buildSteps(engine: Engine, dockerfile: string, options: StepsOptions): Promise<StepsBuild> {
  const { builder, context, buildArgs, name } = options;
  const body = writeTar({ ...context, [dockerfileName]: dockerfile });
  const query = {
    version: builder === 'buildkit' ? '2' : '1',
    dockerfile: dockerfileName,
    t: name,
    networkmode: 'none',
    rm: '1',
    forcerm: '1',
    buildargs: buildArgs && JSON.stringify(buildArgs),
  };
  for (let tries = 1; ; tries++) {
    const answer = await ask(engine.daemon, 'POST', '/build', { query, body, timeout: 120_000 });
    const messages = parseMessages(answer.body);
    const error =
      messages.find((message) => message.error)?.error ??
      messages.find((message) => message.message)?.message ??
      (answer.status === 200 ? undefined : `status ${answer.status}`);
    if (tries < 10 && error !== undefined && /context not found/.test(error)) continue;
    return { steps: builder === 'buildkit' ? readTraces(messages) : readStream(messages), error };
  }
}

/** BuildKit's vertexes: name, cached, started. A vertex that another build was at meanwhile is told of more than once. */
function readTraces(messages: readonly Message[]): StepOutcome[] {
  const steps = new Map<string, StepOutcome>();
  for (const { id, aux } of messages) {
    if (id !== 'moby.buildkit.trace' || typeof aux !== 'string') continue;
    for (const vertex of fieldsOf(Buffer.from(aux, 'base64'), 1)) {
      const fields = readFields(vertex);
      const text = fields.find((field) => field.number === 3)?.value.toString() ?? '';
      const found = /^\[(?:(\S+) )?\s*(\d+)\/\d+\] (.*)$/s.exec(text);
      if (!found) continue;
      const cached = fields.some((field) => field.number === 4 && field.value === 1);
      const completed = fields.some((field) => field.number === 6);
      const key = `${found[1] ?? ''} ${found[2]}`;
      const known = steps.get(key);
      steps.set(key, {
        stage: found[1] ?? '',
        number: Number(found[2]),
        text: found[3] ?? '',
        ran: !cached && (completed || (known?.ran ?? false)),
        cached: cached || (known?.cached ?? false),
      });
    }
  }
  return [...steps.values()];
}

/** `Step 3/5 : RUN x`, and ` ---> Using cache` below where it did not run. */
function readStream(messages: readonly Message[]): StepOutcome[] {
  const text = messages.map((message) => message.stream ?? '').join('');
  return text.split(/^(?=Step \d+\/\d+ : )/m).flatMap((part) => {
    const found = /^Step (\d+)\/\d+ : (.*)/.exec(part);
    if (!found) return [];
    const ran = !/^ ---> Using cache$/m.test(part);
    return [{ stage: '', number: Number(found[1]), text: found[2] ?? '', ran, cached: !ran }];
  });
}
