/** Requests about what was measured in real builds of a Dockerfile: importing it, measuring anew, forgetting it. */
import type { DocumentParams } from './protocol';

/** `layerwise/import`: measures a Dockerfile by a build log, or by an image's history, inspection or archive. ImportParams → MeasurementResult | null. */
export const importRequest = 'layerwise/import';

export interface ImportParams extends DocumentParams {
  /** A file on the server's machine; an archive of an image has to be one. */
  readonly path?: string;
  /** The text itself, from an editor or a clipboard; taken where there is no path. */
  readonly text?: string;
  /** What to call it in the sentences on what numbers rest on; the file's name where not given. */
  readonly name?: string;
}

/**
 * `layerwise/measure`: builds with Docker without its cache, times each step and reads the sizes of the layers. Reports its
 * progress on `workDoneToken`, can be cancelled, and refuses in a workspace that is not trusted. MeasureParams → MeasurementResult | null.
 */
export const measureRequest = 'layerwise/measure';

export interface MeasureParams extends DocumentParams {
  readonly workDoneToken?: string | number;
}

/** `layerwise/forgetMeasurements`: drops all that was measured of a Dockerfile. DocumentParams → MeasurementResult | null. */
export const forgetMeasurementsRequest = 'layerwise/forgetMeasurements';

export interface MeasurementResult {
  /** False where nothing was learned. */
  readonly ok: boolean;
  /** A sentence to show, in the user's language: what was learned, or why nothing was. */
  readonly message: string;
  /** More lines, such as what `docker system df` says. */
  readonly details: readonly string[];
}

/** `layerwise/costsChanged`, from the server: numbers of a document are other ones now, though its text is the same. CostsChangedParams. */
export const costsChangedNotification = 'layerwise/costsChanged';

export interface CostsChangedParams {
  readonly uri: string;
}
