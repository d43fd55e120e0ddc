/** The images whose digests somebody may ask for: written out in a FROM, and without one. */
import type { ImageReference } from '../model/images';
import type { Model } from '../model/model';
import type { Span } from '../syntax/span';

export interface PinnableImage {
  readonly image: ImageReference;
  readonly at: Span;
}

/** In the order of the file. */
export function pinnableImages(model: Model): readonly PinnableImage[] {
  return model.allStages.flatMap(({ image, baseText, baseSpan, from }) =>
    image && image.digest === null && baseSpan && baseText === image.text ? [{ image, at: from.at(baseSpan) }] : [],
  );
}
