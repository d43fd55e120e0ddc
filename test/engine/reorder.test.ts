/** Orders that cost least, whatever history they are made for: the image built in the new order is the same. */
import { strict as assert } from 'node:assert';
import { analyze } from '../../server/src/analysis/analyze';
import { reorder } from '../../server/src/analysis/least-cost';
import type { ContextHistory } from '../../server/src/context/history';
import { defaultConfig } from '../../server/src/rules/config';
import { corpusFiles, hasRealCorpus, seededRandom } from '../harness/corpus';
import { discardImage } from './harness/build';
import type { Engine } from './harness/engine';
import { formatProof, type Proof } from './harness/proof';
import { makeBuildable } from './harness/realify';
import { countVerdicts, failOn, forEachInParallel, isBad, isGood, provePair, requireEngine } from './prove';

const isFull = !!process.env.LAYERWISE_FULL;
/** Milliseconds after which an ordinary run tries no more files. */
const time = isFull ? Number.POSITIVE_INFINITY : 40_000;

/** Written to make reorders across every kind of instruction possible, and some impossible. */
const written: readonly string[] = [
  'FROM debian:12\nCOPY src /srv/src\nRUN apt-get update && apt-get install -y curl\nCMD ["/srv/src/run"]\n',
  'FROM debian:12\nWORKDIR /srv\nCOPY src ./src\nENV A=1 B=2\nRUN mkdir -p /opt/x && echo $A > /opt/x/a\nLABEL x=y\n',
  'FROM alpine:3.20\nARG V=1\nCOPY a.txt /data/a.txt\nCOPY conf/ /etc/app/\nRUN apk add --no-cache curl\nRUN cat /data/a.txt\n',
  'FROM alpine:3.20\nCOPY app /opt/app\nUSER 1000\nRUN mkdir /tmp/own && touch /tmp/own/x\nUSER root\nRUN apk add --no-cache git\n',
  'FROM alpine:3.20\nCOPY --chown=1000:1000 app /opt/app\nCOPY lib /opt/lib\nRUN mkdir -p /usr/local/share/x\n',
  'FROM alpine:3.20\nCOPY x /opt/a/x\nWORKDIR /opt/a\nCOPY y /opt/b/y\nRUN touch /srv/z\nWORKDIR /opt/b\nRUN ls\n',
  'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN mkdir /out && cp -r /src /out/tool\nFROM alpine:3.20\nCOPY --from=build /out/tool /srv/tool\nCOPY etc/x.conf /etc/x.conf\nRUN apk add --no-cache tini\nENTRYPOINT ["tini"]\n',
  'FROM alpine:3.20\nCOPY one /one/\nCOPY two /two/\nCOPY three /three/\nRUN mkdir -p /four\nRUN mkdir -p /five\nENV P=/six\nRUN mkdir -p $P\n',
  'FROM alpine:3.20\nCOPY s.sh /usr/local/bin/s.sh\nRUN chmod 755 /usr/local/bin/s.sh\nRUN mkdir -p /var/cache/own\nCOPY data /var/cache/own/data\nRUN adduser -D me\n',
  'FROM alpine:3.20\nCOPY <<EOF /opt/hello\nhi\nEOF\nCOPY src /srv\nRUN <<EOF\nmkdir -p /opt/made\necho x > /opt/made/x\nEOF\nVOLUME /data\nEXPOSE 80\n',
];

describe('orders that cost least', () => {
  it('written files, under many histories', async function () {
    this.timeout(1_200_000);
    const { proofs, failures, unbuildable } = await proveAll(await requireEngine(this), written, 4);
    console.log(`    ${proofs.length} reorders: ${countVerdicts(proofs)}`);
    failOn(failures, `${failures.length} reorders build to another image`);
    assert.deepEqual(unbuildable, []);
    assert.ok(proofs.filter(isGood).length > 10, `only ${proofs.length} reorders`);
  });

  it('real files, under many histories', async function () {
    this.timeout(3_600_000);
    const files = corpusFiles().map(({ text }) => text);
    const { proofs, failures, unbuildable } = await proveAll(await requireEngine(this), files, 2, time);
    console.log(`    ${proofs.length} reorders: ${countVerdicts(proofs)}; not buildable ${unbuildable.length}`);
    failOn(failures, `${failures.length} reorders build to another image`);
    if (hasRealCorpus()) assert.ok(proofs.some(isGood));
  });
});

interface Outcome {
  readonly proofs: Proof[];
  readonly failures: string[];
  readonly unbuildable: string[];
}

/** Reorders files by made-up histories and builds each reorder both ways. */
async function proveAll(
  engine: Engine,
  files: readonly string[],
  histories: number,
  limit = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const outcome: Outcome = { proofs: [], failures: [], unbuildable: [] };
  const started = Date.now();
  const random = seededRandom(11);
  const candidates = files.flatMap((before) => {
    const orders = new Set<string>();
    for (let count = 0; count < histories; count++) {
      const after = reordered(before, count + Math.floor(random() * 1_000) * 100);
      if (after !== before) orders.add(after);
    }
    return orders.size > 0 ? [{ before, orders }] : [];
  });
  await forEachInParallel(candidates, async ({ before, orders }) => {
    if (Date.now() - started > limit) return;
    const buildable = await makeBuildable(engine, before);
    if ('reason' in buildable) {
      outcome.unbuildable.push(`${before}\n${buildable.reason}`);
      return;
    }
    const { context, base, toBuildable } = buildable;
    for (const order of orders) {
      // Of a RUN that was left out nothing could be proven.
      const pair = { before: toBuildable(before), after: toBuildable(order), context };
      const proofs = await provePair(engine, pair);
      outcome.proofs.push(...proofs);
      outcome.failures.push(...proofs.filter(isBad).map((proof) => formatProof(proof, pair)));
    }
    discardImage(base);
  });
  return outcome;
}

/** Every stage in the order that costs least if its copies change as often as chance will have it. */
function reordered(text: string, seed: number): string {
  const random = seededRandom(seed);
  let analysis = analyze(text, { config: defaultConfig, context: null });
  const paths = analysis.model.copies.flatMap((copy) =>
    copy.fromText === null ? copy.sources.flatMap(({ value }) => value ?? []) : [],
  );
  const commits = paths.map((path) => ({
    paths: [path.replace(/^[./]+/, '').replace(/[*?]/g, 'x') || 'main.c'],
    weight: 1 + Math.floor(random() * 9),
  }));
  const history: ContextHistory = { source: 'git', commits, notes: [] };
  for (let round = 0; round < 10; round++) {
    const better = reorder(analysis, history);
    if (!better) break;
    analysis = better.analysis;
  }
  return analysis.dockerfile.text;
}
