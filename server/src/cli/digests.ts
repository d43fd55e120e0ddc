/** Digests for `layerwise fix --suggestions --select image-without-digest`: the only command that asks a registry anything. */
import * as l10n from '@vscode/l10n';
import { findRules } from '../rules/catalogue';
import type { Config } from '../rules/config';
import { pinnableImages } from '../rules/pinnable-images';
import type { OpenFile, Session } from './session';
import { visible } from './terminal';

/** What was asked for already, by reference: many Dockerfiles share their base images. */
const asked = new Map<string, Promise<string | null>>();

/** The configuration with the digests of a file's images, where the user asked for them on the command line; else as it is. */
export async function withDigests(session: Session, file: OpenFile): Promise<Config> {
  const { config } = file.effective;
  const { select, suggestions } = session.options;
  const isWanted =
    suggestions && select?.some((name) => findRules(name).some(({ id }) => id === 'image-without-digest'));
  if (!isWanted) return config;
  const digests = new Map<string, string>();
  for (const { image } of pinnableImages(file.analysis.model)) {
    const answer = asked.get(image.text) ?? ask(session, image);
    asked.set(image.text, answer);
    const digest = await answer;
    if (digest !== null) digests.set(image.text, digest);
  }
  return { ...config, digests };
}

async function ask(
  { terminal }: Session,
  image: ReturnType<typeof pinnableImages>[number]['image'],
): Promise<string | null> {
  try {
    const { askDigest } = await import('../context/node/digests');
    return await askDigest(image);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`${visible(l10n.t('The digest of {0} could not be had: {1}', image.text, reason))}\n`);
    return null;
  }
}
