/** The ids of the commands, as package.json contributes them. */
export const commands = {
  optimize: 'layerwise.optimize',
  /** The answers to a shown Optimize preview. */
  optimizeApply: 'layerwise.optimize.apply',
  optimizeChoose: 'layerwise.optimize.choose',
  optimizeDetails: 'layerwise.optimize.details',
  optimizeCancel: 'layerwise.optimize.cancel',
  listLayers: 'layerwise.listLayers',
  showLayers: 'layerwise.showLayers',
  showRebuilds: 'layerwise.showRebuilds',
  importMeasurements: 'layerwise.importMeasurements',
  measure: 'layerwise.measure',
  forgetMeasurements: 'layerwise.forgetMeasurements',
  openWalkthrough: 'layerwise.openWalkthrough',
  /** Only the walkthrough runs it. */
  openSample: 'layerwise.openSample',
  showRule: 'layerwise.showRule',
  restartServer: 'layerwise.restartServer',
  showOutput: 'layerwise.showOutput',
} as const;

/** What the server itself runs for editors without a Layerwise client: optimizes a document and applies the edits. */
export const serverOptimizeCommand = 'layerwise.server.optimize';
