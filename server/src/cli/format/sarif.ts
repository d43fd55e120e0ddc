/** `check --format sarif`: SARIF 2.1.0, for code scanning. */
import { relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as sarif from 'sarif';
import type { Analysis, ReportedFinding } from '../../analysis/analysis';
import { ruleMarkdown } from '../../analysis/explain';
import type { Edit, Rule, Severity } from '../../rules/rule';
import type { Span } from '../../syntax/span';
import { placeOf } from '../places';
import { packageVersion, type Session } from '../session';
import { type CheckedFile, offeredFix, type Reporter } from './report';

const levels: Readonly<Record<Severity, sarif.Result.level>> = {
  error: 'error',
  warning: 'warning',
  info: 'note',
  hint: 'note',
};

/** One run with all files; written when all are there. */
export function sarifReporter(session: Session): Reporter {
  const rules = new Map<Rule, number>();
  const results: sarif.Result[] = [];
  const artifacts = new Set<string>();
  return {
    add(file) {
      artifacts.add(uriOf(file));
      for (const finding of file.analysis.findings) {
        if (!rules.has(finding.rule)) rules.set(finding.rule, rules.size);
        results.push(resultOf(file, finding, rules.get(finding.rule) ?? 0));
      }
    },
    end() {
      const run: sarif.Run = {
        tool: {
          driver: {
            name: 'Layerwise',
            version: packageVersion(),
            semanticVersion: packageVersion(),
            rules: [...rules.keys()].map(describeRule),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { uri: `${pathToFileURL(resolve('.')).href}/` } },
        invocations: [
          {
            executionSuccessful: session.failures.length === 0,
            toolExecutionNotifications: session.failures.map(({ what, message }) => ({
              level: 'error',
              message: { text: `${what}: ${message}` },
            })),
          },
        ],
        artifacts: [...artifacts].map((uri) => ({ location: locationOf(uri) })),
        results,
      };
      const log: sarif.Log = {
        $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
        version: '2.1.0',
        runs: [run],
      };
      session.terminal.out(`${JSON.stringify(log, null, 2)}\n`);
    },
  };
}

function describeRule(rule: Rule): sarif.ReportingDescriptor {
  return {
    id: rule.id,
    ...(rule.foundBy && { helpUri: rule.foundBy.page }),
    shortDescription: { text: plain(firstSentence(rule.docs.what)) },
    fullDescription: { text: plain(`${rule.docs.what} ${rule.docs.why}`) },
    help: { text: plain(`${rule.docs.what}\n\n${rule.docs.why}\n\n${rule.docs.fix}`), markdown: ruleMarkdown(rule) },
    defaultConfiguration: {
      enabled: rule.severity !== 'off',
      level: rule.severity === 'off' ? 'note' : levels[rule.severity],
    },
    properties: { category: rule.category, aliases: rule.aliases, tags: ['dockerfile', rule.category] },
  };
}

function resultOf(file: CheckedFile, finding: ReportedFinding, ruleIndex: number): sarif.Result {
  const { analysis } = file;
  const uri = uriOf(file);
  const result: sarif.Result = {
    ruleId: finding.rule.id,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: finding.message },
    locations: [{ physicalLocation: { artifactLocation: locationOf(uri), region: regionOf(analysis, finding.at) } }],
    properties: { severity: finding.severity, aliases: finding.aliases },
  };
  if (finding.related?.length)
    result.relatedLocations = finding.related.map(({ at, message }, index) => ({
      id: index + 1,
      message: { text: message },
      physicalLocation: { artifactLocation: locationOf(uri), region: regionOf(analysis, at) },
    }));
  const fix = offeredFix(analysis, finding);
  // A fix that creates files cannot be said in full here; half of it would be wrong.
  if (fix && fix.edits.length > 0 && !fix.creates?.length)
    result.fixes = [
      {
        description: { text: fix.title },
        artifactChanges: [
          { artifactLocation: locationOf(uri), replacements: fix.edits.map((edit) => replacementOf(analysis, edit)) },
        ],
      },
    ];
  return result;
}

function replacementOf(analysis: Analysis, { span, newText }: Edit): sarif.Replacement {
  return { deletedRegion: regionOf(analysis, span), insertedContent: { text: newText } };
}

function regionOf(analysis: Analysis, span: Span): sarif.Region {
  const { line, column, endLine, endColumn } = placeOf(analysis.dockerfile.lines, span);
  return { startLine: line, startColumn: column, endLine, endColumn };
}

/** Relative to the working folder where the file lies in it, else absolute. */
function uriOf({ name, path }: CheckedFile): string {
  const inside = relative('.', resolve(path ?? name));
  if (inside.startsWith('..') || resolve(inside) === inside) return pathToFileURL(resolve(path ?? name)).href;
  return inside.split(sep).map(encodeURIComponent).join('/');
}

function locationOf(uri: string): sarif.ArtifactLocation {
  return uri.startsWith('file:') ? { uri } : { uri, uriBaseId: '%SRCROOT%' };
}

function firstSentence(text: string): string {
  return /^[\s\S]*?[.!?](?=\s|$)/.exec(text)?.[0] ?? text;
}

/** Markdown without its marks. */
function plain(markdown: string): string {
  return markdown
    .replaceAll('`', '')
    .replace(/\*\*/g, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}
