/** Markdown for a terminal: the part of it that pages of rules use. */
import { displayWidth, type Paint } from './terminal';

/** Renders headings, paragraphs, lists, quotes and code; paragraphs are wrapped to `width` columns. */
export function renderMarkdown(markdown: string, paint: Paint, width: number): string {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let fence: string | null = null;
  const flush = () => {
    if (paragraph.length > 0) lines.push(...wrap(paragraph.join(' '), '', '', paint, width));
    paragraph = [];
  };
  for (const line of markdown.split('\n')) {
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence !== null) {
      if (mark?.startsWith(fence) && line.trim() === mark) fence = null;
      else lines.push(`  ${paint('cyan', line)}`);
      continue;
    }
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const item = /^(\s*)([-*]|\d+\.)\s+(.*)$/.exec(line);
    const isPlain = !mark && !heading && !item && line.trim() !== '' && !/^[>|]/.test(line);
    if (isPlain) {
      paragraph.push(line.trim());
      continue;
    }
    flush();
    if (mark) fence = mark;
    else if (heading) {
      const title = inline(heading[2] ?? '', paint);
      lines.push(heading[1] === '#' ? paint('bold', paint('underline', title)) : paint('bold', title));
    } else if (item) {
      const indent = `${item[1] ?? ''}  `;
      const bullet = /\d/.test(item[2] ?? '') ? (item[2] ?? '') : '•';
      lines.push(...wrap(item[3] ?? '', `${indent}${bullet} `, indent + ' '.repeat(bullet.length + 1), paint, width));
    } else lines.push(inline(line, paint));
  }
  flush();
  return `${lines.join('\n').trimEnd()}\n`;
}

/** Breaks a text at blanks, never inside of code. */
function wrap(text: string, first: string, next: string, paint: Paint, width: number): string[] {
  // A piece of code holds together however many words it has.
  const words = text.match(/(?:(`+)(?!`).*?(?<!`)\1(?!`)|\S)+/g) ?? [];
  const lines: string[] = [];
  let current = '';
  let used = displayWidth(first);
  for (const word of words) {
    const wide = displayWidth(bare(word));
    if (current !== '' && used + 1 + wide > width) {
      lines.push(current);
      current = '';
      used = displayWidth(next);
    }
    used += (current === '' ? 0 : 1) + wide;
    current += `${current === '' ? '' : ' '}${word}`;
  }
  if (current !== '') lines.push(current);
  return lines.map((line, index) => `${index === 0 ? first : next}${inline(line, paint)}`);
}

/** Code, strong text and links within a line. */
function inline(markdown: string, paint: Paint): string {
  // Code stands out anyway, strong or not.
  const text = markdown.replace(/\*\*(`+[^`]+`+)\*\*/g, '$1');
  let rendered = '';
  let at = 0;
  // Code ends at as many backticks as it starts with; blanks that keep it apart from them are no part of it.
  for (const match of text.matchAll(/(`+)(?!`)(.*?)(?<!`)\1(?!`)/g)) {
    const code = (match[2] ?? '').replace(/^ (.*`.*) $/, '$1');
    rendered += prose(text.slice(at, match.index), paint) + paint('cyan', code);
    at = match.index + match[0].length;
  }
  return rendered + prose(text.slice(at), paint);
}

function prose(text: string, paint: Paint): string {
  return text
    .replace(/\*\*([^*]+)\*\*/g, (_all, strong: string) => paint('bold', strong))
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_all, label: string, url: string) => `${label} (${paint('underline', url)})`)
    .replace(/<(https?:[^>]+)>/g, (_all, url: string) => paint('underline', url));
}

/** A word as it will be seen, without marks. */
function bare(word: string): string {
  return word.replace(/[`*<>]/g, '');
}
