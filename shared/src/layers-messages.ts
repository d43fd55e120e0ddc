/** What the layers view and the extension say to each other, by messages of the webview. */
import type { LayersView } from './layers-view';

/** What the bars of the layers view measure. */
export type Metric = 'size' | 'time' | 'edit';

/** What a layers view remembers while it is hidden and over restarts of the editor. */
export interface LayersViewState {
  readonly uri: string | null;
  /** Null until the user chooses: then what is known is shown. */
  readonly metric: Metric | null;
  /** The Dockerfile after Optimize is shown beside the present one. */
  readonly compares: boolean;
}

export type ToLayersView =
  | {
      readonly type: 'start';
      /** The messages of the display language, English text → translation. */
      readonly messages: Readonly<Record<string, string>>;
    }
  | { readonly type: 'show'; readonly uri: string; readonly name: string; readonly view: LayersView }
  /** There is nothing to draw: no Dockerfile is open, or the one that is makes no image. */
  | { readonly type: 'empty'; readonly uri: string | null; readonly name: string | null };

export type FromLayersView =
  | { readonly type: 'ready'; readonly compares: boolean }
  /** To go to a line; with `focus` the editor takes the keyboard. */
  | { readonly type: 'goTo'; readonly line: number; readonly focus: boolean }
  /** To show what an edit of another line would rebuild, without moving the cursor. */
  | { readonly type: 'explore'; readonly line: number }
  | { readonly type: 'compare'; readonly compares: boolean }
  | { readonly type: 'run'; readonly command: 'optimize' | 'import' | 'measure' };
